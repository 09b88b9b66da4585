using System.Text;
using System.Text.Json;
using EdgeAgent.LocalStatus;

namespace EdgeAgent.Tests.LocalStatus;

public sealed class LocalSiteTests
{
    private static readonly LocalOptions Everything = new() { Page = true };

    [Theory]
    [InlineData("127.0.0.1:9464", true)]
    [InlineData("[::1]:9464", true)]
    [InlineData("::1", false)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:80", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("evil.example:9464", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Over_a_port_only_an_address_or_localhost_is_answered_so_that_no_foreign_name_leads_here(string? host, bool isAnswered)
    {
        LocalAnswer answer = Ask(new LocalSite(() => null, Everything, isPort: true), "/", host);
        Assert.Equal(isAnswered ? "200 OK" : "421 Misdirected Request", answer.Status);
    }

    [Fact]
    public void The_machines_own_name_counts_where_other_machines_may_ask()
    {
        string name = Environment.MachineName;
        Assert.StartsWith("421", Ask(new LocalSite(() => null, Everything, isPort: true), "/", name).Status, StringComparison.Ordinal);
        var beyond = new LocalSite(() => null, Everything with { BeyondDevice = true }, isPort: true);
        Assert.StartsWith("200", Ask(beyond, "/", name + ":9464").Status, StringComparison.Ordinal);
        Assert.StartsWith("200", Ask(beyond, "/", name + ".local").Status, StringComparison.Ordinal);
        Assert.StartsWith("421", Ask(beyond, "/", "x" + name).Status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "404", "404", "404")]
    [InlineData(true, false, "200", "503", "404")]
    [InlineData(false, true, "404", "404", "503")]
    public void A_port_offers_what_the_configuration_says_and_the_socket_everything(bool page, bool metrics, string ofPage, string ofStatus, string ofMetrics)
    {
        var options = new LocalOptions { Page = page, Metrics = metrics };
        foreach ((string path, string status) in new[] { ("/", ofPage), ("/status", ofStatus), ("/metrics", ofMetrics), ("/other", "404") })
        {
            Assert.StartsWith(status, Ask(new LocalSite(() => null, options, isPort: true), path, "localhost").Status, StringComparison.Ordinal);
        }
        Assert.StartsWith("503", Ask(new LocalSite(() => null, options, isPort: false), "/metrics", null).Status, StringComparison.Ordinal);
        Assert.StartsWith("503", Ask(new LocalSite(() => null, options, isPort: false), "/status", null).Status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("get")]
    public void Nothing_but_looking_is_possible(string method)
    {
        LocalAnswer answer = new LocalSite(() => null, Everything, isPort: true).Answer(new RequestHead(method, "/status", "localhost"));
        Assert.StartsWith("405", answer.Status, StringComparison.Ordinal);
        Assert.Contains("\r\nAllow: GET\r\n", Encoding.ASCII.GetString(answer.Head()), StringComparison.Ordinal);
    }

    [Fact]
    public void Between_two_insides_it_says_so_to_people_and_to_programs()
    {
        LocalAnswer answer = Ask(new LocalSite(() => null, Everything, isPort: false), "/status", null);
        Assert.Equal("503 Service Unavailable", answer.Status);
        JsonElement status = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal("rebuilding", status.GetProperty("state").GetString());
        Assert.Contains("Ask again", status.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_answer_forbids_that_it_is_kept_guessed_at_or_read_from_elsewhere()
    {
        LocalAnswer answer = Ask(new LocalSite(() => null, Everything, isPort: false), "/status", null);
        string head = Encoding.ASCII.GetString(answer.Head());
        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n\r\n", head[..^4], StringComparison.Ordinal);
        foreach (string line in (string[])
            ["Connection: close", "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin", $"Content-Length: {answer.Body.Length}"])
        {
            Assert.Contains($"\r\n{line}\r\n", head, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("Access-Control", head, StringComparison.OrdinalIgnoreCase);
    }

    private static LocalAnswer Ask(LocalSite site, string path, string? host) => site.Answer(new RequestHead("GET", path, host));
}
