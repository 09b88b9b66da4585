using EdgeAgent.RemoteConfig;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;

namespace EdgeAgent.Tests.RemoteConfig;

[Collection(CommandLine.Collection)]
public sealed class ConfigCommandTests : IDisposable
{
    private readonly Device _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Show_tells_what_is_in_force_and_hides_secrets()
    {
        _device.Remembering(Device.Revision(3, """
            { "mqtt": [ { "broker": "mqtt://b:1", "username": "u", "password": { "value": "hunter2" }, "subscribe": [ { "topic": "a", "series": "a" } ] } ] }
            """));

        string output = Succeed("show", "--layers");

        Assert.Contains("revision 3 by alice", output, StringComparison.Ordinal);
        Assert.Contains("mqtt://b:1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Succeed("show", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_names_what_the_revision_changes_and_nothing_else()
    {
        _device.WriteOwn(""" "batch": { "maximumAge": "1m", "maximumReadings": 7 } """);
        _device.Remembering(Device.Revision(3, """{ "batch": { "maximumAge": "2m" } }"""));

        Assert.Equal(["/batch/maximumAge", "  - \"1m\"", "  + \"2m\""], Succeed("diff").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Validate_tells_all_errors_of_a_revision_before_it_is_pushed()
    {
        File.WriteAllText(_device.Folder["new.json"], """{ "batch": { "maximumAge": "soon" }, "identity": {} }""");

        (int exitCode, _, string error) = AgentProgram.Run("config", "validate", _device.Folder["new.json"], "--config", _device.File);

        Assert.Equal(78, exitCode);
        Assert.Contains("/batch/maximumAge", error, StringComparison.Ordinal);
        Assert.Contains("/identity", error, StringComparison.Ordinal);
        Assert.Contains("sound", Succeed("validate"), StringComparison.Ordinal);
        Assert.Contains("sound", Succeed("check"), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_says_where_a_revision_moves_the_cloud()
    {
        File.WriteAllText(_device.Folder["new.json"], """{ "cloud": { "endpoint": "https://other:1" } }""");

        Assert.Contains("--bootstrap", Succeed("validate", _device.Folder["new.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void History_tells_what_became_of_revisions()
    {
        RevisionStore store = _device.Remembering(Device.Revision(3, "{}"));
        store.Save(store.State.With(new RevisionEvent(store.State.Good, RevisionOutcome.OnTrial, [new RevisionError("/i2c", "Wrong.")], 1_790_000_000_000_000_000, 3, false)));

        string output = Succeed("history");

        Assert.Contains("last good  revision 3 by alice", output, StringComparison.Ordinal);
        Assert.Contains("revision 3 by alice: on trial, not reported yet", output, StringComparison.Ordinal);
        Assert.Contains("  /i2c: Wrong.", output, StringComparison.Ordinal);
        Assert.Contains("\"outcome\": \"on_trial\"", Succeed("history", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Rollback_is_remembered_for_the_next_start()
    {
        _device.Remembering(Device.Revision(1, "{}"), Device.Revision(2, """{ "batch": {} }"""));

        Assert.Contains("From revision 2 back to revision 1. It takes effect when the agent starts.", Succeed("rollback"), StringComparison.Ordinal);
        Assert.Equal(1ul, _device.Start(_device.OpenStore()).Header.Number);
    }

    [Fact]
    public void Rollback_without_a_revision_is_refused()
    {
        (int exitCode, _, string error) = AgentProgram.Run("config", "rollback", "--config", _device.File);

        Assert.Equal(1, exitCode);
        Assert.Contains("own file is in force", error, StringComparison.Ordinal);
    }

    private string Succeed(params string[] arguments)
    {
        (int exitCode, string output, string error) = AgentProgram.Run(["config", .. arguments, "--config", _device.File]);
        Assert.True(exitCode == 0, error);
        return output;
    }
}
