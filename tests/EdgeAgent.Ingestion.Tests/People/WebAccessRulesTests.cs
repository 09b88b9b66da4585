using System.Net;
using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Tests.People;

public sealed class WebAccessRulesTests
{
    private static readonly IPEndPoint Elsewhere = new(IPAddress.Parse("192.0.2.1"), 8080);

    [Fact]
    public void The_defaults_are_in_order() => Assert.Empty(Check(new IPEndPoint(IPAddress.Loopback, 8080), new WebAccessOptions()));

    [Fact]
    public void Another_address_than_loopback_needs_tls()
    {
        Assert.Equal(["/web"], Check(Elsewhere, new WebAccessOptions()));
        Assert.Empty(Check(Elsewhere, new WebAccessOptions { BehindProxy = true }));
        Assert.Equal(["/webAccess/keyFile"], Check(Elsewhere, new WebAccessOptions { CertificateFile = typeof(WebAccessRulesTests).Assembly.Location }));
    }

    [Fact]
    public void Reading_is_open_on_loopback_alone()
    {
        Assert.Empty(Check(new IPEndPoint(IPAddress.IPv6Loopback, 1), new WebAccessOptions { Reading = WebReading.Open }));
        Assert.Equal(["/webAccess/reading"], Check(new IPEndPoint(IPAddress.Loopback, 1), new WebAccessOptions { Reading = WebReading.Open, BehindProxy = true }));
        Assert.Equal(["/web", "/webAccess/reading"], Check(Elsewhere, new WebAccessOptions { Reading = WebReading.Open }));
    }

    [Fact]
    public void Who_listens_on_every_address_names_its_hosts()
    {
        var any = new IPEndPoint(IPAddress.Any, 8080);
        Assert.Equal(["/webAccess/hosts"], Check(any, new WebAccessOptions { BehindProxy = true }));
        Assert.Empty(Check(any, new WebAccessOptions { BehindProxy = true, Hosts = ["edge.example"] }));
        Assert.Equal(["/webAccess/hosts"], Check(any, new WebAccessOptions { BehindProxy = true, Hosts = ["https://edge.example"] }));
    }

    private static IEnumerable<string> Check(IPEndPoint web, WebAccessOptions access)
    {
        var problems = new List<ConfigurationProblem>();
        WebAccessRules.Check(web, access, problems);
        return problems.Select(static problem => problem.Where);
    }
}
