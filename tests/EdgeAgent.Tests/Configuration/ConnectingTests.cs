using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Configuration;

/// <summary>The keys of section cloud that say how the service is reached.</summary>
public sealed class ConnectingTests : IDisposable
{
    private const string Pin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_endpoints_keep_their_order()
    {
        UplinkOptions cloud = Sound("""  "endpoints": ["https://a:8443", "https://[fd00::1]", "https://c:1"] """);

        Assert.Equal("https://a:8443/", cloud.Endpoint.ToString());
        Assert.Equal(["https://[fd00::1]/", "https://c:1/"], cloud.FurtherEndpoints.Select(endpoint => endpoint.ToString()));
    }

    [Fact]
    public void Without_further_keys_the_environment_says_whether_there_is_a_proxy()
    {
        UplinkOptions cloud = Sound(""" "endpoint": "https://a:8443" """);

        Assert.Equal((ProxySource.Environment, null), (cloud.Proxy.Source, cloud.Proxy.Address));
        Assert.Equal((0, 0, null), (cloud.FurtherEndpoints.Count, cloud.Pins.Count, cloud.ServerName));
        Assert.Equal(TimeSpan.FromMinutes(30), cloud.MaximumConnectionAge);
        Assert.Equal(ProxySource.Environment, Sound(""" "endpoint": "https://a:8443", "proxy": "environment" """).Proxy.Source);
        Assert.Equal(ProxySource.None, Sound(""" "endpoint": "https://a:8443", "proxy": "none" """).Proxy.Source);
    }

    [Fact]
    public void A_proxy_its_login_a_name_and_pins_are_read()
    {
        File.WriteAllText(_folder["password"], "hunter2\n");

        UplinkOptions cloud = Sound($$"""
            "endpoint": "https://a:8443", "serverName": "ingest.example.com", "maximumConnectionAge": "1h", "proxyCa": "ca.crt",
            "pin": ["{{Pin}}", "sha256/{{Pin}}", "{{new string('0', 64)}}"],
            "proxy": "https://proxy:3129", "proxyUser": "edge", "proxyPassword": { "file": "password" }
            """);

        Assert.Equal((ProxySource.Configuration, "https://proxy:3129"), (cloud.Proxy.Source, cloud.Proxy.Address!.ToString()));
        Assert.Equal(("edge", "hunter2"), (cloud.Proxy.Address.User, cloud.Proxy.Address.Password!.Reveal()));
        Assert.Equal((_folder["ca.crt"], "ingest.example.com", TimeSpan.FromHours(1)), (cloud.Proxy.AuthorityFile, cloud.ServerName, cloud.MaximumConnectionAge));
        Assert.Equal([Pin, Pin, Pin], cloud.Pins);
    }

    [Theory]
    [InlineData(""" "proxy": "none" """, "/cloud/endpoint: This key is missing. Add it.")]
    [InlineData(""" "endpoint": "https://a", "endpoints": ["https://b"] """, "/cloud/endpoint: The service is either one or several. Give \"endpoint\" or \"endpoints\".")]
    [InlineData(""" "endpoints": [] """, "/cloud/endpoints: This list is empty. Add at least one text to it.")]
    [InlineData(""" "endpoints": ["https://a", 7] """, "/cloud/endpoints/1: This is the number 7 where a text belongs. Put it in quotes.")]
    [InlineData(""" "endpoints": ["https://a", "http://b"] """, "/cloud/endpoints/1: \"http://b\" is not an address. Write https://host:443.")]
    [InlineData(""" "endpoints": ["https://a", "https://a:443"] """, "/cloud/endpoints/1: This endpoint stands twice in the list. Remove one of them.")]
    [InlineData(
        """ "endpoints": ["https://a", "https://b", "https://c", "https://d", "https://e", "https://f", "https://g", "https://h", "https://i"] """,
        "/cloud/endpoints: There are 9 endpoints here, and 8 are enough. Remove some.")]
    [InlineData(""" "endpoint": "https://a", "serverName": "a b" """, "/cloud/serverName: \"a b\" is not a host name. Write the name that the service's certificate is for.")]
    [InlineData(""" "endpoint": "https://a", "serverName": "10.0.0.1" """, "/cloud/serverName: \"10.0.0.1\" is not a host name. Write the name that the service's certificate is for.")]
    [InlineData(
        """ "endpoint": "https://a", "pin": ["AAAA"] """,
        "/cloud/pin/0: \"AAAA\" is not a pin. Write the SHA-256 of a SubjectPublicKeyInfo in base64, such as \"sha256/…=\".")]
    [InlineData(""" "endpoint": "https://a", "proxy": "socks5://p:1" """, "/cloud/proxy: \"socks5://p:1\" is not an address. Write http://host:3128 or https://host:3128.")]
    [InlineData(
        """ "endpoint": "https://a", "proxy": "http://edge:hunter2@p:1" """,
        "/cloud/proxy: Only scheme, host and port belong here. Remove what comes after or before them; users and passwords have keys of their own.")]
    [InlineData(""" "endpoint": "https://a", "proxy": 7 """, "/cloud/proxy: This is the number 7 where a text belongs. Change it.")]
    [InlineData(""" "endpoint": "https://a", "proxyUser": "edge" """, "/cloud/proxyUser: This belongs to a proxy that \"proxy\" names. Name it there or remove this.")]
    [InlineData(
        """ "endpoint": "https://a", "proxy": "http://p:1", "proxyPassword": { "value": "x" } """, "/cloud/proxyUser: A password needs its user. Add it.")]
    [InlineData(""" "endpoint": "https://a", "maximumConnectionAge": "10s" """, "/cloud/maximumConnectionAge: \"10s\" is out of range. Choose a duration from 1m to 7d.")]
    public void What_is_wrong_is_told_in_one_sentence(string keys, string expected)
    {
        string error = Assert.Single(Read.Errors(_folder, Document(keys)));

        Assert.EndsWith(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    private UplinkOptions Sound(string keys) => Read.Sound(_folder, Document(keys)).Cloud;

    private string Document(string keys) =>
        $$"""{ {{Read.Cloud(_folder).Replace(""" "endpoint": "https://localhost:8443" """.Trim(), keys.Trim(), StringComparison.Ordinal)}} }""";
}
