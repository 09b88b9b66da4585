using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>All sensors of all sources, each at its own rate. Starting touches no hardware, so that it takes no time whatever is missing.</summary>
internal sealed class SamplingService(
    IEnumerable<ISensorSource> sources, AgentConfiguration configuration, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock,
    TimeProvider time, ILogger<SamplingService> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, PreciseLane> _precise = new(StringComparer.Ordinal);
    private readonly List<SampledSensor> _sensors = [];
    private TimerLane? _timed;
    private bool _isDisposed;

    /// <summary>What is read at a rate, after the start.</summary>
    public IReadOnlyList<SampledSensor> Sensors => _sensors;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var surroundings = new SamplingSurroundings(configuration, catalog, channel, metrics, time, logger);
        foreach (ISensorSource source in sources)
        {
            foreach (SensorPlan plan in source.Sensors)
            {
                Add(plan, source.Kind, surroundings);
            }
        }
        _timed?.Start();
        foreach (PreciseLane lane in _precise.Values)
        {
            lane.Start();
        }
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        ISamplingLane[] lanes = [.. _precise.Values, .. _timed is null ? (ISamplingLane[])[] : [_timed]];
        // A transfer that hangs in the kernel cannot be ended: the host's patience is the bound.
        await Task.WhenAll(lanes.Select(lane => lane.Schedule.CloseAsync())).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            // The container does it for each kind that this is registered as.
            return;
        }
        _isDisposed = true;
        _stopping.Cancel();
        _timed?.Dispose();
        foreach (PreciseLane lane in _precise.Values)
        {
            lane.Dispose();
        }
        _stopping.Dispose();
    }

    private void Add(SensorPlan plan, ReadingSource kind, SamplingSurroundings surroundings)
    {
        SensorOptions options = plan.Options;
        var grid = new SamplingGrid(options.Interval, options.Phase.Within(options.Interval, Environment.MachineName, options.Series));
        var slot = new SensorSlot(grid);
        if (options.Interval < PreciseLane.Below)
        {
            PreciseLane lane = PreciseLaneOf(plan.Group);
            var sensor = new SampledSensor(plan, kind, slot, lane, surroundings);
            _sensors.Add(sensor);
            lane.Schedule.Add(sensor);
        }
        else
        {
            _timed ??= new TimerLane(new SamplingTimeline(clock, time), time, _stopping.Token);
            var sensor = new SampledSensor(plan, kind, slot, _timed, surroundings);
            _sensors.Add(sensor);
            _timed.Add(sensor, plan.Group);
        }
    }

    private PreciseLane PreciseLaneOf(string group)
    {
        if (!_precise.TryGetValue(group, out PreciseLane? lane))
        {
            IPreciseWait wait = OperatingSystem.IsLinux() && time == TimeProvider.System ? new NanosleepWait() : new ProviderWait(time);
            _precise[group] = lane = new PreciseLane(group, new SamplingTimeline(clock, time), wait, _stopping.Token);
        }
        return lane;
    }
}
