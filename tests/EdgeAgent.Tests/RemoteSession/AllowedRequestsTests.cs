using EdgeAgent.RemoteSession;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.RemoteSession;

public sealed class AllowedRequestsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_the_key_only_looking_is_allowed()
    {
        Assert.Equal(["logs", "read", "spool", "status"], Allowed("").Words);
        Assert.Equal(["logs", "read", "spool", "status"], Allowed(""", "remote": {} """).Words);
    }

    [Fact]
    public void What_the_key_names_is_allowed_and_nothing_else()
    {
        Assert.Equal(["output:cabinet/fan", "status"], Allowed(""", "remote": { "allow": [ "status", "output:cabinet/fan" ] } """).Words);
        Assert.True(Allowed(""", "remote": { "allow": [ "none" ] } """).IsNothing);
    }

    [Theory]
    [InlineData("\"reboot\"", "cannot be asked")]
    [InlineData("\"output:\"", "cannot be asked")]
    [InlineData("\"output:a\\nb\"", "cannot be asked")]
    [InlineData("\"none\", \"read\"", "stands alone")]
    [InlineData("", "empty")]
    public void What_is_no_request_is_told(string words, string expected)
    {
        string error = Assert.Single(Read.Errors(_folder, $$"""{ {{Read.Cloud(_folder)}}, "remote": { "allow": [ {{words}} ] } }"""));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private AllowedRequests Allowed(string section) => Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}} {{section}} }""").Allowed;
}
