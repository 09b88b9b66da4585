using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Tests.Sensors.Gpio;

/// <summary>The lines of the simulated chip, made as the host makes them, under one configuration after the other.</summary>
public sealed class GpioChangeTests : IAsyncLifetime, IDisposable
{
    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Lines that no pattern moves within a test.</summary>
    private const string Still = """ "chip": "simulated", "period": "1h" """;

    private const string Relay = $$"""{ {{Still}}, "line": "relay", "mode": "output", "series": "relay", "interval": "7d" }""";
    private const string Meter = $$"""{ {{Still}}, "line": "meter", "mode": "counter", "series": "meter", "interval": "7d" }""";
    private const string Door = $$"""{ {{Still}}, "line": "door", "series": "door", "interval": "7d" }""";

    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Series, double Number, Quality Quality)> _seen = [];
    private IHost _host = null!;

    private GpioLines Lines => _host.Services.GetRequiredService<GpioLines>();

    private SimulatedGpioChip Chip => Lines.Simulated;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unchanged_output_keeps_its_level_while_all_else_changes()
    {
        await StartAsync(Relay, Door);
        await SetAsync();
        foreach (string[] next in (string[][])[[Relay, Meter], [Meter, Relay], [Relay], [Door, Relay]])
        {
            await ApplyAsync(next);
            Assert.True(Chip["relay"].IsHigh);
            Assert.Equal(OutputOutcome.Set, Lines.TrySet("relay", true));
        }

        Assert.DoesNotContain(Readings("relay").SkipWhile(reading => reading.Number == 0), reading => reading.Number == 0);
    }

    [Fact]
    public async Task An_output_that_goes_is_in_its_safe_state_before_another_entry_has_its_line()
    {
        await StartAsync(Relay.Replace("\"output\"", "\"output\", \"safe\": true", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => Chip.Requested.Count == 1, Patience, "the line is requested");
        Assert.False(Chip["relay"].IsHigh);
        AgentConfiguration next = Configuration(Relay.Replace("\"output\"", "\"level\"", StringComparison.Ordinal));

        foreach (IReconfigurable stage in _host.Services.GetServices<IReconfigurable>().Reverse())
        {
            await stage.RetireAsync(next, CancellationToken.None);
        }
        Assert.True(Chip["relay"].IsHigh);
        Assert.Empty(Chip.Requested);
        Assert.Equal(OutputOutcome.Unknown, Lines.TrySet("relay", true));
    }

    [Fact]
    public async Task An_output_whose_line_is_asked_for_alike_keeps_its_level_under_another_name()
    {
        await StartAsync(Relay);
        await SetAsync();
        await ApplyAsync(Relay.Replace("\"series\": \"relay\"", "\"series\": \"pump\", \"labels\": { \"at\": \"roof\" }", StringComparison.Ordinal));

        Assert.True(Chip["relay"].IsHigh);
        Assert.Equal(OutputOutcome.Unknown, Lines.TrySet("relay", false));
        await Eventually.TrueAsync(() => Readings("pump").Any(reading => reading.Number == 1), Patience, "its reading says so");
        Assert.Equal(OutputOutcome.Set, Lines.TrySet("pump", false));
        Assert.False(Chip["relay"].IsHigh);
    }

    [Fact]
    public async Task An_unchanged_counter_counts_every_edge_while_all_else_changes()
    {
        await StartAsync(Meter);
        await Eventually.TrueAsync(() => Chip.Requested.Count == 1, Patience, "the line is requested");
        SensorPlan sensor = Lines.Sensors.Single();
        string[][] steps = [[Meter, Door], [Relay, Meter], [Meter], [Door, Relay, Meter]];
        for (int i = 0; i < 20; i++)
        {
            Pulse(50);
            Task applying = ApplyAsync(steps[i % steps.Length]);
            Pulse(50);
            await applying;
        }

        Assert.Same(sensor, Lines.Sensors.Single());
        Assert.Equal((2_000.0, Quality.Uncertain), await CountAsync());
        Assert.Equal(0, _host.Services.GetRequiredService<AgentMetrics>().GpioEdgesMissed.Value);
    }

    [Fact]
    public async Task A_changed_counter_goes_on_from_its_total_and_loses_no_edge_where_its_line_is_asked_for_alike()
    {
        await StartAsync(Meter);
        await Eventually.TrueAsync(() => Chip.Requested.Count == 1, Patience, "the line is requested");
        Pulse(100);
        Assert.Equal((100.0, Quality.Uncertain), await CountAsync());
        for (int i = 1; i <= 10; i++)
        {
            Task applying = ApplyAsync(Meter.Replace("\"7d\" }", $"\"{i + 100}h\" }}", StringComparison.Ordinal));
            Pulse(10);
            await applying;
        }

        Assert.Equal((200.0, Quality.Good), await CountAsync());
        Assert.Equal(["meter"], Chip.Requested);
    }

    [Fact]
    public async Task A_counter_that_was_away_goes_on_from_its_total_and_its_first_count_is_uncertain()
    {
        await StartAsync(Meter);
        await Eventually.TrueAsync(() => Chip.Requested.Count == 1, Patience, "the line is requested");
        Pulse(100);
        await ApplyAsync(Door);
        await ApplyAsync(Door, Meter);
        await Eventually.TrueAsync(() => Chip.Requested.Count == 2, Patience, "the line is requested");
        Pulse(1);

        Assert.Equal((101.0, Quality.Uncertain), await CountAsync());
    }

    [Fact]
    public async Task Without_lines_there_is_no_thread_and_nothing_is_requested()
    {
        await StartAsync();
        Assert.Equal(0, Lines.Threads);

        await ApplyAsync(Door, Relay);
        await Eventually.TrueAsync(() => Chip.Requested.Count == 2, Patience, "the lines are requested");
        Assert.Equal(1, Lines.Threads);

        await ApplyAsync();
        Assert.Empty(Chip.Requested);
        Assert.Equal(0, Lines.Threads);
        Assert.Equal(OutputOutcome.Unknown, Lines.TrySet("relay", true));
    }

    private AgentConfiguration Configuration(params string[] lines) =>
        Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "spool": { "path": "spool" }, "gpio": [ {{string.Join(", ", lines)}} ] }""");

    private async Task StartAsync(params string[] lines)
    {
        AgentConfiguration configuration = Configuration(lines);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAgentCore(configuration, TimeProvider.System).AddSingleton(configuration.Spool).AddGpio().AddSampling();
        _host = builder.Build();
        await _host.StartAsync();
    }

    private Task<ReconfigurationNeed> ApplyAsync(params string[] lines) =>
        _host.Services.GetRequiredService<LiveConfiguration>().ApplyAsync(Configuration(lines), CancellationToken.None).WaitAsync(Patience);

    private Task SetAsync() => Eventually.TrueAsync(() => Lines.TrySet("relay", true) == OutputOutcome.Set, Patience, "the relay is set");

    private void Pulse(int pulses)
    {
        SimulatedLine line = Chip["meter"];
        for (int i = 0; i < pulses; i++)
        {
            line.Drive(true);
            line.Drive(false);
        }
    }

    private async Task<(double Count, Quality Quality)> CountAsync()
    {
        ISensor sensor = Lines.Sensors.Single().Sensor;
        var values = new Measured[2];
        await sensor.MeasureAsync(values, CancellationToken.None);
        return (values[0].Value, values[0].Quality);
    }

    private IEnumerable<(string Series, double Number, Quality Quality)> Readings(string series)
    {
        SeriesCatalog catalog = _host.Services.GetRequiredService<SeriesCatalog>();
        while (_host.Services.GetRequiredService<ReadingChannel>().Reader.TryRead(out Reading reading))
        {
            _seen.Add((catalog[reading.Series].Definition.Name, reading.Number, reading.Quality));
        }
        return _seen.Where(reading => reading.Series == series);
    }
}
