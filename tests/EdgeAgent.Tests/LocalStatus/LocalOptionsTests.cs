using System.Net;
using EdgeAgent.Configuration;
using EdgeAgent.LocalStatus;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.LocalStatus;

public sealed class LocalOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _cloud;

    public LocalOptionsTests() => _cloud = Read.Cloud(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_word_there_is_a_socket_and_no_port()
    {
        LocalOptions options = Read.Sound(_folder, $"{{ {_cloud} }}").Local;
        Assert.Equal(new LocalOptions(), options);
        Assert.Null(options.Listen);
        Assert.Equal("/state/status.sock", options.SocketPath("/state", null));
        Assert.Equal("/run/edge-agent/status.sock", options.SocketPath("/state", "/run/edge-agent"));
        Assert.Equal("/run/a/status.sock", options.SocketPath("/state", "/run/a:/run/b"));
        Assert.Equal("/x.sock", (options with { Socket = "/x.sock" }).SocketPath("/state", "/run/a"));
    }

    [Fact]
    public void A_port_of_this_device_and_its_page_are_as_they_are_written()
    {
        LocalOptions options = Read.Sound(_folder, $$"""{ {{_cloud}}, "local": { "socket": "here.sock", "listen": "[::1]:9464", "page": true, "metrics": false } }""").Local;
        Assert.Equal(
            new LocalOptions { Socket = _folder["here.sock"], Listen = new IPEndPoint(IPAddress.IPv6Loopback, 9464), Page = true, Metrics = false }, options);
        Assert.Equal(IPAddress.Any, Read.Sound(_folder, $$"""{ {{_cloud}}, "local": { "listen": "0.0.0.0:80", "beyondDevice": true } }""").Local.Listen!.Address);
    }

    [Theory]
    [InlineData(""" "listen": "0.0.0.0:9464" """, "/local/listen: Other machines reach 0.0.0.0")]
    [InlineData(""" "listen": "192.168.1.7:9464", "beyondDevice": false """, "/local/listen: Other machines reach 192.168.1.7")]
    [InlineData(""" "listen": "127.0.0.1" """, "/local/listen: \"127.0.0.1\" is not an address and a port")]
    [InlineData(""" "listen": "localhost:9464" """, "/local/listen: \"localhost:9464\" is not an address and a port")]
    [InlineData(""" "page": true """, "/local/page: This means nothing without a port")]
    [InlineData(""" "beyondDevice": true """, "/local/beyondDevice: This means nothing without a port")]
    [InlineData(""" "port": 80 """, "/local/port: There is no such key here")]
    public void What_would_open_more_than_somebody_meant_is_an_error(string local, string error)
    {
        string[] errors = Read.Errors(_folder, $$"""{ {{_cloud}}, "local": { {{local}} } }""");
        Assert.Contains(error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_an_error() => Assert.Contains(
        "at most 107 bytes", Assert.Single(Read.Errors(_folder, $$"""{ {{_cloud}}, "local": { "socket": "/{{new string('x', 107)}}" } }""")), StringComparison.Ordinal);

    [Fact]
    public void The_cloud_has_no_say_in_it()
    {
        AgentConfiguration own = Read.Sound(_folder, $"{{ {_cloud} }}");
        ConfigNode revision = ConfigDocument.Read("""{ "local": { "listen": "127.0.0.1:1" } }"""u8, new ConfigReading("revision", "/").Errors)!;
        Assert.Equal("/local", Assert.Single(DeviceOwned.Violations(revision, own, "/")).Pointer);
    }
}
