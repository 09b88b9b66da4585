using EdgeAgent.Configuration;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Reconfiguration;

public sealed class RunningEntriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_both_configurations_have_runs_on_and_only_the_rest_ends_and_begins()
    {
        var entries = new RunningEntries<string, Running>(EntriesOf);
        entries.Begin(With("a", "b", "c"), name => new Running(name));
        Running[] first = [.. entries.All];

        AgentConfiguration next = With("c", "d", "a");
        Assert.Equal(["b"], entries.Ending(next).Select(running => running.Name));
        Assert.Equal(["b"], entries.Retire(next).Select(running => running.Name));
        List<string> kept = [], begun = [];
        entries.Begin(
            next,
            name =>
            {
                begun.Add(name);
                return new Running(name);
            },
            (running, name) =>
            {
                Assert.Equal(name, running.Name);
                kept.Add(name);
            });

        Assert.Equal(["c", "a"], kept);
        Assert.Equal(["d"], begun);
        Assert.Same(first[0], entries.All[0]);
        Assert.Same(first[2], entries.All[1]);
        Assert.Equal(["a", "c", "d"], entries.RetireAll().Select(running => running.Name));
        Assert.Empty(entries.All);
    }

    [Fact]
    public void Of_entries_that_say_the_very_same_as_many_run_as_there_are()
    {
        var entries = new RunningEntries<string, Running>(EntriesOf);
        entries.Begin(With("a", "a", "a"), name => new Running(name));
        Assert.Equal(3, entries.All.Count);

        Assert.Single(entries.Retire(With("a", "a")));
        Assert.Equal(2, entries.All.Count);
        entries.Begin(With("a", "a", "a", "a"), name => new Running(name));
        Assert.Equal(4, entries.All.Count);
    }

    [Theory]
    [InlineData("""{ "interval": "1s", "zone": "a", "series": "x" }""", true)]
    [InlineData("""{ "series": "x", "zone": "b", "interval": "1s" }""", false)]
    public void An_entry_is_the_same_however_it_is_written(string other, bool isSame)
    {
        AgentConfiguration first = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "thermal": [ { "zone": "a", "interval": "1s", "series": "x" } ] }""");
        AgentConfiguration second = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "thermal": [ {{other}} ] }""");
        Assert.Equal(isSame, IdentityOf(first) == IdentityOf(second));
    }

    [Theory]
    [InlineData(""" "device": { "labels": { "site": "b" } } """, false)]
    [InlineData(""" "device": { "labels": { "site": "a" }, "hardware": "elsewhere" } """, false)]
    [InlineData(""" "device": { "labels": { "site": "a" } }, "report": [ { "series": "*", "deadband": 1 } ] """, true)]
    [InlineData(""" "device": { "labels": { "site": "a" }, "logLevel": "debug" } """, true)]
    public void An_entry_is_another_where_what_it_inherits_is(string others, bool isSame)
    {
        AgentConfiguration first = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "thermal": [ { "series": "x" } ], "device": { "labels": { "site": "a" } } }""");
        AgentConfiguration second = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "thermal": [ { "series": "x" } ], {{others}} }""");
        Assert.Equal(isSame, IdentityOf(first) == IdentityOf(second));
    }

    private static string IdentityOf(AgentConfiguration configuration) => configuration.IdentityOf(configuration.Kernel.Thermal.Single().Sampling.Source);

    private static AgentConfiguration With(params string[] names) => new() { Sections = new Dictionary<string, string> { ["names"] = string.Join(',', names) } };

    private static IEnumerable<Entry<string>> EntriesOf(AgentConfiguration configuration) =>
        configuration.Sections["names"].Split(',').Select(name => new Entry<string>(name, name));

    private sealed record Running(string Name);
}
