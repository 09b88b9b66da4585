using System.Collections.Concurrent;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>All lines that the configuration names, each with its mode: what the threads of their chips turn, what the sampler reads, what can be set.</summary>
internal sealed class GpioLines : ISensorSource, IOutputs, IReconfigurable
{
    /// <summary>5 s: calls of the kernel on lines return at once, or after an expander's bus gave up. A chip that takes longer hangs, and keeps its lines.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CounterMemory _counters;
    private readonly SeriesCatalog _catalog;
    private readonly ReadingChannel _channel;
    private readonly AgentMetrics _metrics;
    private readonly AgentClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<LineConnection> _logger;
    private readonly KernelGpio _kernel;
    private readonly SimulatedGpio _simulated;
    private readonly RunningEntries<GpioLineOptions, ConfiguredLine> _lines = new(EntriesOf);
    private readonly ConcurrentDictionary<string, LineConnection> _outputs = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _defect = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A stop may come in the middle of a change. All below is read and written inside.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LineThread> _threads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (HeldLine Line, GpioLineOptions Options)> _held = new(StringComparer.Ordinal); // by GpioLineOptions.Request
    private bool _isRunning, _isRetiring, _hasStopped;

    public GpioLines(
        AgentConfiguration configuration, CounterMemory counters, SeriesCatalog catalog, ReadingChannel channel, AgentMetrics metrics, AgentClock clock,
        TimeProvider time, ILogger<LineConnection> logger)
    {
        (_counters, _catalog, _channel, _metrics, _clock, _time, _logger) = (counters, catalog, channel, metrics, clock, time, logger);
        _kernel = new KernelGpio(configuration.Device.Hardware);
        _simulated = SimulatedGpio.WithChip(time);
        Begin(configuration);
    }

    ReadingSource ISensorSource.Kind => ReadingSource.Gpio;

    /// <summary>What the edges of some lines add up to.</summary>
    public IEnumerable<SensorPlan> Sensors => PlansOf(_lines.All);

    /// <summary>How many threads wait for edges: one for each chip with lines.</summary>
    public int Threads
    {
        get
        {
            lock (_gate)
            {
                return _threads.Count;
            }
        }
    }

    /// <summary>The chip that is no hardware.</summary>
    public SimulatedGpioChip Simulated => _simulated.Chip;

    public IReadOnlyList<SensorPlan> Ending(AgentConfiguration next) => PlansOf(_lines.Ending(next));

    public OutputOutcome TrySet(string series, bool value) =>
        _outputs.TryGetValue(series, out LineConnection? output) ? output.Set(value) : OutputOutcome.Unknown;

    /// <summary>Turns the lines until the agent stops. Then they have been given back, and outputs are in their safe state.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isRunning = true;
            foreach (LineThread thread in _threads.Values)
            {
                Start(thread);
            }
        }
        await _defect.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] ended;
        lock (_gate)
        {
            (_isRunning, _hasStopped) = (false, true);
            ended = [.. _threads.Values.Select(thread => thread.StopAsync())];
        }
        await Task.WhenAll(ended).ConfigureAwait(false);
        lock (_gate)
        {
            // Kept for entries that do not come any more.
            foreach ((HeldLine line, GpioLineOptions options) in _held.Values)
            {
                LetGo(line, options);
            }
            _held.Clear();
        }
    }

    public async Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfiguredLine> ending;
        lock (_gate)
        {
            ending = _lines.Retire(next);
            _isRetiring = true;
        }
        foreach (ConfiguredLine line in ending.Where(line => line.Options.Mode == GpioMode.Output))
        {
            _outputs.TryRemove(line.Options.Sampling.Series, out _);
        }
        HashSet<string> asked = [.. next.GpioLines.Select(line => line.Request)];
        await Task.WhenAll(ending.Select(line => EndAsync(line, asked.Contains(line.Options.Request)))).WaitAsync(Patience, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _isRetiring = false;
        }
        foreach (ConfiguredLine line in ending.Where(line => line.Options.Mode == GpioMode.Counter))
        {
            // Now that its last edges have been taken.
            _counters.Release(line.Options.Sampling.Series);
        }
        EndIdleThreads();
    }

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        Begin(next);
        return Task.CompletedTask;
    }

    private static IEnumerable<Entry<GpioLineOptions>> EntriesOf(AgentConfiguration configuration) =>
        configuration.GpioLines.Select(line => new Entry<GpioLineOptions>(configuration.IdentityOf(line.Sampling.Source), line));

    private static SensorPlan[] PlansOf(IReadOnlyList<ConfiguredLine> lines) => [.. lines.Select(line => line.Sensor).OfType<SensorPlan>()];

    private async Task EndAsync(ConfiguredLine line, bool isKept)
    {
        Task<HeldLine?> ending;
        lock (_gate)
        {
            if (!_threads.TryGetValue(line.Chip, out LineThread? thread))
            {
                return;
            }
            ending = thread.EndAsync(line.Connection, isKept);
        }
        if (await ending.ConfigureAwait(false) is not { } held)
        {
            return;
        }
        lock (_gate)
        {
            if (_isRetiring && !_hasStopped)
            {
                _held[line.Options.Request] = (held, line.Options);
            }
            else
            {
                // It hung for too long: whoever came after it waits for the lines to be free.
                LetGo(held, line.Options);
            }
        }
    }

    private static void LetGo(HeldLine line, GpioLineOptions options)
    {
        if (options.Mode == GpioMode.Output)
        {
            line.Request.TrySet(options.Safe ? 1ul : 0);
        }
        line.Request.Dispose();
    }

    private void EndIdleThreads()
    {
        lock (_gate)
        {
            foreach ((string chip, LineThread thread) in _threads.Where(thread => thread.Value.Lines == 0).ToArray())
            {
                _threads.Remove(chip);
                _ = thread.StopAsync();
            }
        }
    }

    private void Begin(AgentConfiguration configuration)
    {
        lock (_gate)
        {
            if (!_hasStopped)
            {
                _lines.Begin(configuration, line => Begin(line, configuration));
            }
        }
    }

    private ConfiguredLine Begin(GpioLineOptions line, AgentConfiguration configuration)
    {
        bool isSimulated = line.Address.Chip == ChipSelector.Simulated;
        bool isHeld = _held.Remove(line.Request, out (HeldLine Line, GpioLineOptions) held);
        if (isSimulated && !isHeld)
        {
            _simulated.Add(line);
        }
        IGpioDevices devices = isSimulated ? _simulated : _kernel;
        ILineMode mode = Mode(line, configuration);
        var connection = new LineConnection(line, mode, devices, _clock, _metrics, _time, _logger);
        if (isHeld)
        {
            connection.Adopt(held.Line);
        }
        string chip = $"gpio-{line.Address.Chip}";
        if (line.Mode == GpioMode.Output)
        {
            _outputs[line.Sampling.Series] = connection;
        }
        ThreadOf(chip, devices).Add(connection);
        SensorPlan? sensor = mode is ISampledLine sampled ? new SensorPlan(new LineSensor(connection, sampled, devices), line.Sampling, chip) : null;
        return new ConfiguredLine(line, connection, chip, sensor);
    }

    private ILineMode Mode(GpioLineOptions line, AgentConfiguration configuration)
    {
        PushedSeries Pushed(TimeSpan repeated = default) => new(line.Sampling, configuration.Device.Labels, _catalog, _channel, _metrics, repeated);
        return line.Mode switch
        {
            GpioMode.Level => new LevelLine(Pushed(line.Sampling.Interval), line.Sampling.Interval),
            GpioMode.Edges => new EdgeLine(Pushed(), line.Edges),
            GpioMode.Counter => _counters.Create(line.Sampling.Series, line.Pulses, line.Edges),
            GpioMode.Quadrature => new QuadratureDecoder(line.Pulses, _metrics),
            GpioMode.Output => new OutputLine(Pushed(line.Sampling.Interval), line.Sampling.Interval),
            _ => throw new InvalidOperationException($"There is no mode {line.Mode}."),
        };
    }

    private LineThread ThreadOf(string chip, IGpioDevices devices)
    {
        if (!_threads.TryGetValue(chip, out LineThread? thread))
        {
            _threads[chip] = thread = new LineThread(devices);
            if (_isRunning)
            {
                Start(thread);
            }
        }
        return thread;
    }

    private void Start(LineThread thread)
    {
        thread.Start();
        // A reader that fails must not go unseen until the others end.
        thread.Running.ContinueWith(
            failed => _defect.TrySetException(failed.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>A line in its place.</summary>
    private sealed record ConfiguredLine(GpioLineOptions Options, LineConnection Connection, string Chip, SensorPlan? Sensor);
}
