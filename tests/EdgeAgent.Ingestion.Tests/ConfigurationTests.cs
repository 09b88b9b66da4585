using System.Net;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_file_with_comments_sets_what_it_names_and_leaves_the_rest_at_its_defaults()
    {
        (IngestionOptions options, List<ConfigurationProblem> problems) = Read(
            """
            // The site in the valley.
            {
              "listen": "[::]:9443", /* IPv6 too */
              "data": "/srv/readings",
              "proxies": ["edge-1", "edge-2"],
              "ingest": { "predecessorWait": "2.5s", "queueWait": "250 ms", "rateBytesPerSecond": 20000, },
            }
            """);
        Assert.Empty(problems);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 9443), options.Listen);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), options.Web);
        Assert.Equal("/srv/readings", options.Data);
        Assert.Equal(["edge-1", "edge-2"], options.Proxies);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.Ingest.PredecessorWait);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Ingest.QueueWait);
        Assert.Equal(20_000, options.Ingest.RateBytesPerSecond);
        Assert.Equal(64, options.Ingest.QueueLength);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place_and_its_remedy()
    {
        (IngestionOptions options, List<ConfigurationProblem> problems) = Read(
            """
            { "listne": "0.0.0.0:1", "web": "8080", "data": 7, "proxies": ["a", "urn:b"], "keyFile": "/nowhere/server.key", "clientAuthorityFile": "/nowhere/ca.crt",
              "identity": { "authorityFile": "/nowhere/ca.pem", "grace": "1", "handshakesPerSecond": 0, "serverNames": ["a b"], "jwt": { "keysFile": "/nowhere/keys" } }, "ingest": { "queueLength": "many", "idleTimeout": "10", "sessionTimeout": "0s" } }
            """);
        IngestionOptionsRules.Check(options, problems);
        Assert.Equal(
            ["/listne", "/web", "/data", "/identity/grace", "/ingest/queueLength", "/ingest/idleTimeout", "/certificateFile", "/keyFile", "/identity/authorityFile",
            "/identity/authorityKeyFile", "/clientAuthorityFile", "/identity/jwt/keysFile", "/identity/jwt/issuer", "/identity/jwt/audience",
            "/identity/serverNames", "/identity/handshakesPerSecond", "/proxies", "/ingest/sessionTimeout"],
            problems.Select(problem => problem.Where));
        Assert.All(problems, problem => Assert.True(problem.What.Length > 0 && problem.Remedy.Length > 0));
        Assert.Contains("listen", problems[0].Remedy, StringComparison.Ordinal);
        Assert.Contains("\"10s\"", problems[5].Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"data\": ")]
    [InlineData("[]")]
    [InlineData("{ \"ingest\": 5 }")]
    public void A_file_that_is_no_object_of_settings_is_a_problem_and_not_a_crash(string json) => Assert.Single(Read(json).Problems);

    [Fact]
    public void A_file_that_is_not_there_is_a_problem()
    {
        var problems = new List<ConfigurationProblem>();
        ConfigurationFile.Read("/nowhere/ingestion.json", new IngestionOptions(), problems);
        Assert.Equal("/nowhere/ingestion.json", Assert.Single(problems).Where);
    }

    [Theory]
    [InlineData("0.0.0.0:8443", true)]
    [InlineData("[::1]:0", true)]
    [InlineData("localhost:80", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("::1", false)]
    [InlineData("8080", false)]
    [InlineData("host:80", false)]
    [InlineData("1.2.3.4:99999", false)]
    public void An_endpoint_says_address_and_port(string text, bool isValid) =>
        Assert.Equal(isValid, EndpointConverter.TryParse(text, out _));

    [Fact]
    public async Task The_program_reports_bad_flags_together_and_does_not_start()
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "edge-ingestion.dll"), "serve", "--listen", "here", "--web", "there", "--key", "/nowhere/server.key"],
            TimeSpan.FromSeconds(60));
        Assert.Equal(2, exitCode);
        Assert.Contains("--listen", output, StringComparison.Ordinal);
        Assert.Contains("--web", output, StringComparison.Ordinal);
        Assert.Contains("/certificateFile", output, StringComparison.Ordinal);
    }

    private static (IngestionOptions Options, List<ConfigurationProblem> Problems) Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ingestion.json"], json);
        var options = new IngestionOptions();
        var problems = new List<ConfigurationProblem>();
        ConfigurationFile.Read(folder["ingestion.json"], options, problems);
        return (options, problems);
    }
}
