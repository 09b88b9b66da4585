using EdgeAgent.Configuration;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Identity;

/// <summary>Section identity.</summary>
public sealed class IdentityConfigurationTests : IDisposable
{
    private const string Cloud = """ "cloud": { "endpoint": "https://localhost:8443" } """;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_certificate_the_agent_manages_its_own_in_the_state_folder()
    {
        AgentConfiguration configuration = Read.Sound(_folder, $$"""{ {{Cloud}}, "device": { "state": "state" } }""");

        Assert.Equal(_folder["state/identity"], configuration.Identity!.Folder);
        Assert.Equal(_folder["state/identity"], configuration.Cloud.Identity!.Folder);
        Assert.Null(configuration.Identity.Token);
    }

    [Fact]
    public void With_a_certificate_of_somebody_elses_nothing_of_it_is_there()
    {
        AgentConfiguration configuration = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}} }""");

        Assert.Null(configuration.Identity);
        Assert.Null(configuration.Cloud.Identity);
    }

    [Fact]
    public void A_certificate_is_either_the_agents_or_somebody_elses()
    {
        string error = Assert.Single(Read.Errors(_folder, $$"""{ {{Read.Cloud(_folder)}}, "identity": { } }"""));

        Assert.Contains("/identity: The certificate is either the agent's to get and renew, or yours.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_was_used_and_taken_away_is_no_error()
    {
        AgentConfiguration file = Read.Sound(_folder, $$"""{ {{Cloud}}, "identity": { "token": { "file": "token" } } }""");
        AgentConfiguration variable = Read.Sound(_folder, $$"""{ {{Cloud}}, "identity": { "token": { "environment": "EDGEAGENT_TEST_NOT_SET" } } }""");

        Assert.Throws<FileNotFoundException>(() => file.Identity!.Token!.Reveal());
        Assert.Equal("", variable.Identity!.Token!.Reveal());
        File.WriteAllText(_folder["token"], "abc\n");
        Assert.Equal("abc", file.Identity!.Token!.Reveal());
    }

    [Fact]
    public void A_key_that_somebody_else_made_has_to_be_there()
    {
        string error = Assert.Single(Read.Errors(_folder, $$"""{ {{Cloud}}, "identity": { "key": "key.pem" } }"""));

        Assert.Contains("/identity/key: There is no file", error, StringComparison.Ordinal);
    }
}
