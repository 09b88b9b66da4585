using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// All sensors of all sources, each at its own rate. Starting touches no hardware, so that it takes no time whatever is missing. Under another configuration
/// those that end are waited for and the others go on, slot by slot.
/// </summary>
internal sealed class SamplingService(
    IEnumerable<ISensorSource> sources, AgentConfiguration configuration, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock,
    TimeProvider time, Heartbeats hearts, ILogger<SamplingService> logger)
    : IHostedService, IReconfigurable, IDisposable
{
    /// <summary>15 s: kernel drivers are given 10 s for a read, buses 2 s by default. What takes longer hangs, and is left to itself.</summary>
    private static readonly TimeSpan PatienceWithHardware = TimeSpan.FromSeconds(15);

    /// <summary>30 s: how long after its due a sensor may be begun. Beginning one takes no hardware's time, as each bus and chip has a thread of its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>A stop may come in the middle of a change. All below is read and written inside.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<SensorPlan, SampledSensor> _sampled = [];
    private readonly Dictionary<string, (PreciseLane Lane, Heartbeat Heart)> _precise = new(StringComparer.Ordinal);
    private readonly SensorGroups _groups = new();
    private TimerLane? _timed;
    private bool _isDisposed;

    /// <summary>What is read at a rate just now.</summary>
    public IReadOnlyList<SampledSensor> Sensors
    {
        get
        {
            lock (_gate)
            {
                return [.. _sampled.Values];
            }
        }
    }

    private IEnumerable<ISamplingLane> Lanes => _precise.Values.Select(static precise => (ISamplingLane)precise.Lane).Concat(_timed is null ? [] : [_timed]);

    public Task StartAsync(CancellationToken cancellationToken) => BeginAsync(configuration, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        ISamplingLane[] lanes;
        lock (_gate)
        {
            lanes = [.. Lanes];
        }
        // A transfer that hangs in the kernel cannot be ended: the host's patience is the bound.
        await Task.WhenAll(lanes.Select(lane => lane.Schedule.CloseAsync())).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        var ending = new List<SampledSensor>();
        lock (_gate)
        {
            foreach (SensorPlan plan in sources.SelectMany(source => source.Ending(next)))
            {
                if (_sampled.Remove(plan, out SampledSensor? sensor))
                {
                    _groups.Leave(plan.Group);
                    ending.Add(sensor);
                }
            }
        }
        await Task.WhenAll(ending.Select(sensor => sensor.EndAsync())).WaitAsync(PatienceWithHardware, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.ForEach(sensor => sensor.GiveUp());
        EndIdleThreads();
    }

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        var surroundings = new SamplingSurroundings(next, catalog, channel, metrics, time, logger);
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return Task.CompletedTask;
            }
            foreach (ISensorSource source in sources)
            {
                foreach (SensorPlan plan in source.Sensors.Where(plan => !_sampled.ContainsKey(plan)))
                {
                    Begin(plan, source.Kind, surroundings);
                }
            }
            foreach (ISamplingLane lane in Lanes)
            {
                lane.Start();
            }
        }
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
            _stopping.Cancel();
            _timed?.Dispose();
            foreach ((PreciseLane lane, _) in _precise.Values)
            {
                lane.Dispose();
            }
            _stopping.Dispose();
        }
    }

    private void Begin(SensorPlan plan, ReadingSource kind, SamplingSurroundings surroundings)
    {
        SensorOptions options = plan.Options;
        var grid = new SamplingGrid(options.Interval, options.Phase.Within(options.Interval, Environment.MachineName, options.Series));
        ISamplingLane lane = LaneOf(plan);
        var sensor = new SampledSensor(plan, kind, new SensorSlot(grid), lane, _groups.Enter(plan.Group), surroundings);
        _sampled.Add(plan, sensor);
        lane.Add(sensor);
    }

    private ISamplingLane LaneOf(SensorPlan plan)
    {
        if (plan.Options.Interval < PreciseLane.Below)
        {
            return PreciseLaneOf(plan.Group);
        }
        _timed ??= new TimerLane(new SamplingTimeline(clock, time), time, hearts.Add("the sampler", Patience), _stopping.Token);
        return _timed;
    }

    private PreciseLane PreciseLaneOf(string group)
    {
        if (!_precise.TryGetValue(group, out (PreciseLane Lane, Heartbeat Heart) precise))
        {
            IPreciseWait wait = OperatingSystem.IsLinux() && time == TimeProvider.System ? new NanosleepWait() : new ProviderWait(time);
            Heartbeat heart = hearts.Add($"the sampler of {group}", Patience);
            _precise[group] = precise = (new PreciseLane(group, new SamplingTimeline(clock, time), wait, heart, _stopping.Token), heart);
        }
        return precise.Lane;
    }

    private void EndIdleThreads()
    {
        lock (_gate)
        {
            foreach ((string group, (PreciseLane lane, Heartbeat heart)) in _precise.Where(static precise => precise.Value.Lane.Schedule.IsEmpty).ToArray())
            {
                _precise.Remove(group);
                hearts.Remove(heart);
                lane.Dispose();
            }
        }
    }
}
