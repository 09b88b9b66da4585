using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Uplink.Connecting;

public sealed class ProxyChoiceTests
{
    private static readonly Uri Service = new("https://ingest.example.com:8443");

    [Theory]
    [InlineData("*")]
    [InlineData("example.com")]
    [InlineData(".example.com")]
    [InlineData("*.example.com")]
    [InlineData("INGEST.example.com")]
    [InlineData("ingest.example.com:8443")]
    [InlineData("localhost, 10.0.0.0/8,\texample.com")]
    [InlineData("localhost example.com")]
    public void A_name_is_excepted_by_itself_its_domain_or_everything(string list) => Assert.True(NoProxyList.Covers(list, Service));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("com:443")]
    [InlineData("le.com")]
    [InlineData("ingest.example.com:443")]
    [InlineData("ingest.example.com.org")]
    [InlineData("10.0.0.0/8")]
    public void Other_names_are_not(string list) => Assert.False(NoProxyList.Covers(list, Service));

    [Theory]
    [InlineData("https://10.1.2.3:8443", "10.1.2.3")]
    [InlineData("https://10.1.2.3:8443", "10.1.2.3:8443")]
    [InlineData("https://10.1.2.3:8443", "10.0.0.0/8")]
    [InlineData("https://10.1.2.3:8443", "10.1.2.2/31")]
    [InlineData("https://10.1.2.3:8443", "0.0.0.0/0")]
    [InlineData("https://10.1.2.3:8443", "10.1.2.3/32")]
    [InlineData("https://[fd00::2]:8443", "fd00::/8")]
    [InlineData("https://[fd00::2]:8443", "fd00::2")]
    [InlineData("https://[fd00::2]:8443", "[fd00::2]")]
    [InlineData("https://[fd00::2]:8443", "[fd00::2]:8443")]
    public void An_address_is_excepted_by_itself_or_its_network(string endpoint, string list) => Assert.True(NoProxyList.Covers(list, new Uri(endpoint)));

    [Theory]
    [InlineData("https://10.1.2.3:8443", "10.1.2.4/31")]
    [InlineData("https://10.1.2.3:8443", "10.1.2.3:443")]
    [InlineData("https://10.1.2.3:8443", "10.0.0.0/99")]
    [InlineData("https://10.1.2.3:8443", "10.0.0.0/x")]
    [InlineData("https://10.1.2.3:8443", "fd00::/8")]
    [InlineData("https://[fe00::2]:8443", "fd00::/8")]
    [InlineData("https://10.1.2.3:8443", "2.3")]
    public void Other_addresses_are_not(string endpoint, string list) => Assert.False(NoProxyList.Covers(list, new Uri(endpoint)));

    [Theory]
    [InlineData("http://proxy:3128", "http://proxy:3128", null, null)]
    [InlineData("proxy:3128", "http://proxy:3128", null, null)]
    [InlineData("https://proxy:3129/", "https://proxy:3129", null, null)]
    [InlineData("http://edge:s%40crt%3A@[fd00::1]:3128", "http://[fd00::1]:3128", "edge", "s@crt:")]
    [InlineData("edge@proxy:3128", "http://proxy:3128", "edge", null)]
    public void The_environment_names_a_proxy_and_its_user(string variable, string url, string? user, string? password)
    {
        ProxyAddress proxy = Choose(new ProxyOptions(), ("https_proxy", variable))!;

        Assert.Equal((url, user, password), (proxy.ToString(), proxy.User, proxy.Password?.Reveal()));
    }

    [Fact]
    public void The_lower_case_variable_wins_and_an_empty_one_counts_as_none()
    {
        Assert.Equal("http://a:1", Choose(new ProxyOptions(), ("https_proxy", "a:1"), ("HTTPS_PROXY", "b:1"))!.ToString());
        Assert.Equal("http://b:1", Choose(new ProxyOptions(), ("https_proxy", ""), ("HTTPS_PROXY", "b:1"))!.ToString());
        Assert.Null(Choose(new ProxyOptions()));
        Assert.Null(Choose(new ProxyOptions(), ("HTTPS_PROXY", "b:1"), ("NO_PROXY", ".example.com")));
    }

    [Fact]
    public void The_configuration_wins_over_the_environment_in_both_directions()
    {
        (string, string)[] environment = [("https_proxy", "a:1"), ("no_proxy", "*")];
        var named = new ProxyAddress(new Uri("http://c:1"), null, null);

        Assert.Null(Choose(new ProxyOptions { Source = ProxySource.None }, environment[0]));
        Assert.Same(named, Choose(new ProxyOptions { Source = ProxySource.Configuration, Address = named }, environment));
    }

    [Theory]
    [InlineData("socks5://edge:hunter2@proxy:1080")]
    [InlineData("http://edge:hunter2@")]
    [InlineData("http://edge:hunter2@proxy:port")]
    public void What_is_no_proxy_is_told_without_its_password(string variable)
    {
        ConnectFailedException failure = Assert.Throws<ConnectFailedException>(() => Choose(new ProxyOptions(), ("HTTPS_PROXY", variable)));

        Assert.Equal(ConnectFailureCause.Proxy, failure.Cause);
        Assert.Contains("HTTPS_PROXY names no proxy", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    private static ProxyAddress? Choose(ProxyOptions options, params (string Name, string Value)[] environment) =>
        new ProxyChoice(options, name => environment.FirstOrDefault(variable => variable.Name == name).Value).For(Service);
}
