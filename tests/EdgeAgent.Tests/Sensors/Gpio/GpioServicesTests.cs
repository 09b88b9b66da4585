using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class GpioServicesTests : IDisposable
{
    /// <summary>For liveness only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Configured_lines_report_count_are_driven_and_are_remembered()
    {
        AgentConfiguration configuration = Read.Sound(_folder, $$"""
            { {{Read.Cloud(_folder)}}, "spool": { "path": "spool" }, "gpio": [
              { "chip": "simulated", "line": "door", "series": "door", "period": "100ms" },
              { "chip": "simulated", "line": "meter", "mode": "counter", "series": "meter", "period": "1ms", "interval": "100ms" },
              { "chip": "simulated", "line": "relay", "mode": "output", "series": "relay" },
              { "chip": "no such chip", "line": "x", "series": "absent" },
            ] }
            """);
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAgentCore(configuration, TimeProvider.System).AddSingleton(configuration.Spool).AddGpio().AddSampling();
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.Equal(OutputOutcome.Unknown, host.Services.GetRequiredService<IOutputs>().TrySet("door", true));
        await Eventually.TrueAsync(
            () => host.Services.GetRequiredService<IOutputs>().TrySet("relay", true) == OutputOutcome.Set, Patience, "the relay is set");

        SeriesCatalog catalog = host.Services.GetRequiredService<SeriesCatalog>();
        ChannelReader channel = new(host.Services.GetRequiredService<ReadingChannel>(), catalog);
        await Eventually.TrueAsync(
            () => channel.Has("door", 1) && channel.Has("door", 0) && channel.Has("relay", 1) && channel.Has("meter/count", 100) && channel.Has("absent", null),
            Patience, "all lines report");
        await host.StopAsync();

        Assert.True(new CounterFile(_folder["spool.counters"]).TryRead(out IReadOnlyList<(UInt128 Name, long Pulses)> counters, out bool isClean));
        Assert.True(isClean);
        Assert.InRange(Assert.Single(counters).Pulses, 100, long.MaxValue);
        Assert.True(host.Services.GetRequiredService<AgentMetrics>().GpioEdges.Value > 100);
    }

    /// <summary>Remembers what came.</summary>
    private sealed class ChannelReader(ReadingChannel channel, SeriesCatalog catalog)
    {
        private readonly List<(string Series, double? Value)> _seen = [];

        /// <summary>A value of the series at least as large as this, exactly this where it is 0; null: one without a value.</summary>
        public bool Has(string series, double? least)
        {
            while (channel.Reader.TryRead(out Reading reading))
            {
                _seen.Add((catalog[reading.Series].Definition.Name, reading.Quality >= Quality.NoResponse ? null : reading.Number));
            }
            return _seen.Any(seen => seen.Series == series && (least is null or 0 ? seen.Value == least : seen.Value >= least));
        }
    }
}
