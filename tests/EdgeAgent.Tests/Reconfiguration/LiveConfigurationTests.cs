using System.Text.Json.Nodes;
using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Reconfiguration;

public sealed class LiveConfigurationTests : IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly string _cloud;

    public LiveConfigurationTests() => _cloud = Read.Cloud(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_section_of_the_schema_is_in_exactly_one_class()
    {
        IEnumerable<string>[] classes = [SectionNeeds.Sources, SectionNeeds.Live, SectionNeeds.LiveKeys.Keys, SectionNeeds.Built, SectionNeeds.Remarks];
        foreach ((string section, _) in JsonNode.Parse(ConfigSchema.Read())!["properties"]!.AsObject())
        {
            Assert.True(classes.Count(one => one.Contains(section)) == 1, $"{section} is in {classes.Count(one => one.Contains(section))} classes");
        }
    }

    [Fact]
    public void Every_key_that_is_taken_over_is_a_key_of_its_section()
    {
        JsonObject schema = JsonNode.Parse(ConfigSchema.Read())!.AsObject();
        foreach ((string section, IReadOnlySet<string> keys) in SectionNeeds.LiveKeys)
        {
            JsonNode node = schema["properties"]![section]!;
            node = node["$ref"] is { } reference ? schema["$defs"]![reference.GetValue<string>().Split('/')[^1]]! : node;
            Assert.Empty(keys.Except(node["properties"]!.AsObject().Select(property => property.Key)));
        }
    }

    [Theory]
    [InlineData("", """ "$schema": "./agent.schema.json" """, nameof(ReconfigurationNeed.Nothing))]
    [InlineData(""" "batch": { "maximumAge": "5s", "maximumReadings": 5 } """, """ "batch": { "maximumReadings": 5, "maximumAge": "5s" } """, nameof(ReconfigurationNeed.Nothing))]
    [InlineData("", """ "report": [{ "deadband": 1 }] """, nameof(ReconfigurationNeed.Apply))]
    [InlineData("", """ "host": { "series": "h" } """, nameof(ReconfigurationNeed.Apply))]
    [InlineData(""" "host": { "series": "h" } """, "", nameof(ReconfigurationNeed.Apply))]
    [InlineData("", """ "device": { "logLevel": "debug", "labels": { "room": "1" } } """, nameof(ReconfigurationNeed.Apply))]
    [InlineData(""" "device": { "labels": { "room": "1" }, "maximumSeries": 5 } """, """ "device": { "maximumSeries": 5 } """, nameof(ReconfigurationNeed.Apply))]
    [InlineData("", """ "device": { "maximumSeries": 5 } """, nameof(ReconfigurationNeed.Rebuild))]
    [InlineData("", """ "device": { "stopWithin": "5s" } """, nameof(ReconfigurationNeed.Rebuild))]
    [InlineData("", """ "device": { "logLevel": "debug", "hardware": "/tmp" } """, nameof(ReconfigurationNeed.Rebuild))]
    [InlineData("", """ "batch": { "maximumAge": "5s", "maximumBytes": "32KiB" } """, nameof(ReconfigurationNeed.Apply))]
    [InlineData("", """ "batch": { "maximumBytes": "1MiB" } """, nameof(ReconfigurationNeed.Rebuild))] // the spool protects more for the uplink
    [InlineData("", """ "batch": { "compression": "none" } """, nameof(ReconfigurationNeed.Rebuild))]
    [InlineData("", """ "report": [{ "deadband": 1 }], "clock": { "trust": "always" } """, nameof(ReconfigurationNeed.Rebuild))]
    [InlineData("", """ "spool": { "maximumBytes": "8MiB" } """, nameof(ReconfigurationNeed.Rebuild))]
    public void A_change_asks_for_no_more_than_it_needs(string before, string next, string need)
    {
        using var live = new LiveConfiguration(Sound(before), []);

        Assert.Equal(need, live.NeedFor(Sound(next)).ToString());
    }

    [Fact]
    public void A_change_that_the_catalog_has_no_room_for_takes_a_fresh_one()
    {
        var catalog = new SeriesCatalog(capacity: 3);
        using var live = new LiveConfiguration(Sound(""), [], catalog);
        Assert.True(catalog.TryRegister("a", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out _));
        AgentConfiguration labels = Sound(""" "device": { "labels": { "room": "1" } } """), unit = Sound(""" "report": [{ "unit": "%", "scale": 2 }] """);
        AgentConfiguration deadband = Sound(""" "report": [{ "deadband": 1 }] """), windows = Sound(""" "report": [{ "window": "1m" }] """);
        Assert.All([labels, unit, deadband], next => Assert.Equal(ReconfigurationNeed.Apply, live.NeedFor(next)));
        Assert.Equal(ReconfigurationNeed.Rebuild, live.NeedFor(windows));

        Assert.True(catalog.TryRegister("b", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out _));

        Assert.All([labels, unit], next => Assert.Equal(ReconfigurationNeed.Rebuild, live.NeedFor(next)));
        Assert.Equal(ReconfigurationNeed.Apply, live.NeedFor(deadband));
    }

    [Fact]
    public async Task Sources_retire_first_and_begin_last()
    {
        var calls = new List<string>();
        using var live = new LiveConfiguration(Sound(""), [new Stage("sink", calls), new Stage("source", calls)]);
        AgentConfiguration next = Sound(""" "report": [{ "deadband": 1 }] """);

        Assert.Equal(ReconfigurationNeed.Apply, await live.ApplyAsync(next, CancellationToken.None));

        Assert.Equal(["source retires", "sink retires", "sink begins", "source begins"], calls);
        Assert.Same(next, live.Current);
        Assert.Equal(ReconfigurationNeed.Nothing, await live.ApplyAsync(next, CancellationToken.None));
        Assert.Equal(4, calls.Count);
    }

    [Fact]
    public async Task What_needs_the_inside_built_anew_touches_no_stage()
    {
        var calls = new List<string>();
        AgentConfiguration first = Sound("");
        using var live = new LiveConfiguration(first, [new Stage("source", calls)]);

        Assert.Equal(ReconfigurationNeed.Rebuild, await live.ApplyAsync(Sound(""" "clock": { "trust": "always" } """), CancellationToken.None));

        Assert.Empty(calls);
        Assert.Same(first, live.Current);
    }

    [Fact]
    public async Task A_second_caller_waits_and_then_finds_the_first_ones_configuration_in_force()
    {
        var calls = new List<string>();
        var stage = new Stage("source", calls) { Gate = new TaskCompletionSource() };
        using var live = new LiveConfiguration(Sound(""), [stage]);
        AgentConfiguration one = Sound(""" "report": [{ "deadband": 1 }] """), same = Sound(""" "report": [{ "deadband": 1 }] """);

        Task<ReconfigurationNeed> first = live.ApplyAsync(one, CancellationToken.None);
        Task<ReconfigurationNeed> second = live.ApplyAsync(same, CancellationToken.None);
        Assert.Equal(["source retires"], calls);
        stage.Gate.SetResult();

        Assert.Equal(ReconfigurationNeed.Apply, await first.WaitAsync(Enough));
        Assert.Equal(ReconfigurationNeed.Nothing, await second.WaitAsync(Enough));
        Assert.Equal(["source retires", "source begins"], calls);
    }

    [Fact]
    public async Task After_a_change_that_failed_in_the_middle_everything_needs_the_inside_built_anew()
    {
        AgentConfiguration first = Sound(""), next = Sound(""" "report": [{ "deadband": 1 }] """);
        using var live = new LiveConfiguration(first, [new Stage("source", []) { Defect = new InvalidOperationException("A defect.") }]);

        await Assert.ThrowsAsync<InvalidOperationException>(() => live.ApplyAsync(next, CancellationToken.None));

        Assert.All([first, next, live.Current], one => Assert.Equal(ReconfigurationNeed.Rebuild, live.NeedFor(one)));
        Assert.Equal(ReconfigurationNeed.Rebuild, await live.ApplyAsync(first, CancellationToken.None));
    }

    [Fact]
    public void Labels_are_all_that_sources_have_to_register_anew_for()
    {
        AgentConfiguration plain = Sound(""), rules = Sound(""" "report": [{ "unit": "%", "scale": 2, "deadband": 1 }] """);
        AgentConfiguration one = Sound(""" "device": { "labels": { "a": "1", "b": "2" } } """), same = Sound(""" "device": { "labels": { "b": "2", "a": "1" } } """);

        Assert.Equal(plain.SeriesIdentity, rules.SeriesIdentity);
        Assert.NotEqual(plain.SeriesIdentity, one.SeriesIdentity);
        Assert.Equal(one.SeriesIdentity, same.SeriesIdentity);
    }

    private AgentConfiguration Sound(string more) => Read.Sound(_folder, $"{{ {_cloud}{(more == "" ? "" : ",")} {more} }}");

    private sealed class Stage(string name, List<string> calls) : IReconfigurable
    {
        public TaskCompletionSource? Gate { get; init; }

        public Exception? Defect { get; init; }

        public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
        {
            calls.Add($"{name} retires");
            return Gate?.Task ?? Task.CompletedTask;
        }

        public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
        {
            calls.Add($"{name} begins");
            return Defect is null ? Task.CompletedTask : Task.FromException(Defect);
        }
    }
}
