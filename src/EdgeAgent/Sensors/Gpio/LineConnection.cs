using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Sensors.Gpio.Modes;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// The lines of one entry through absence and return: looked for, requested, read, lost, looked for again. <see cref="LineReader"/> turns it; the sampler
/// and whoever sets an output come in between, so all of it is under one lock.
/// </summary>
internal sealed partial class LineConnection(
    GpioLineOptions options, ILineMode mode, IGpioDevices devices, AgentClock clock, AgentMetrics metrics, TimeProvider time, ILogger<LineConnection> logger)
{
    /// <summary>Edges that are read at once: 6 KiB, and one call of the kernel for a tenth of a second of 1 kHz.</summary>
    private const int ReadAtOnce = 128;

    /// <summary>
    /// How long edges that nobody waits for stay in the kernel's queue after some were read: ten wake-ups a second however fast the pulses are, and room for
    /// those of 10 kHz. A counter is right beyond that, too.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    /// <summary>Absent lines are looked for after 1, 2, 4 … seconds, and at least once a minute: a look opens each chip and costs a millisecond.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LineEvent[] _events = new LineEvent[ReadAtOnce];
    private readonly LineSettings _settings = new([], mode.Flags | options.Electrical) { Debounce = options.Debounce, Values = options.Initial ? 1ul : 0 };
    private ILineRequest? _request;
    private uint _firstOffset;
    private uint _sequence;
    private int _failures;
    private LineOutcome _outcome;
    private bool _isMet;
    private bool _isEnded;
    private bool _isAdopted;
    private TimeSpan _attemptAt;
    private TimeSpan _restUntil;
    private TimeSpan? _repeatAt;

    public string Description { get; } = options.Address.ToString();

    /// <summary>The lines are ours.</summary>
    public bool IsConnected => Volatile.Read(ref _request) is not null;

    /// <summary>What the reader waits for; null while there is nothing to wait for.</summary>
    public ILineRequest? Watched => Now < _restUntil ? null : Volatile.Read(ref _request);

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Does what is due.</summary>
    /// <param name="isReady">Edges may wait.</param>
    /// <returns>How long nothing is due.</returns>
    public TimeSpan Turn(bool isReady)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            if (_request is null && now >= _attemptAt)
            {
                Connect(now);
            }
            else if (_isAdopted)
            {
                Continue(now);
            }
            else if (isReady && Drain() && mode.IsPatient)
            {
                _restUntil = now + Rest;
            }
            if (now >= _repeatAt)
            {
                Repeat(now);
            }
            return NextDue(now) - now;
        }
    }

    /// <summary>Takes what waits in the kernel's queue now.</summary>
    /// <returns>Whether the lines are there.</returns>
    public bool CatchUp()
    {
        lock (_gate)
        {
            if (_isAdopted)
            {
                Continue(Now);
            }
            return Drain();
        }
    }

    /// <summary>Of an output.</summary>
    public OutputOutcome Set(bool value)
    {
        lock (_gate)
        {
            if (_request is null)
            {
                return OutputOutcome.Absent;
            }
            if (!_request.TrySet(value ? 1ul : 0))
            {
                return OutputOutcome.Refused;
            }
            mode.Repeat(value ? 1ul : 0, clock.Now());
            return OutputOutcome.Set;
        }
    }

    /// <summary>The next entry asks for the same lines alike: takes the last edges and lets go of nothing.</summary>
    /// <returns>Null where the lines are not there.</returns>
    public HeldLine? Release()
    {
        lock (_gate)
        {
            _isEnded = true;
            if (!Drain())
            {
                return null;
            }
            var held = new HeldLine(_request!, _firstOffset, _sequence);
            Volatile.Write(ref _request, null);
            return held;
        }
    }

    /// <summary>Goes on with what another connection released. Before the first turn.</summary>
    public void Adopt(HeldLine held)
    {
        lock (_gate)
        {
            (_firstOffset, _sequence, _isMet, _isAdopted) = (held.FirstOffset, held.Sequence, true, true);
            Volatile.Write(ref _request, held.Request);
        }
    }

    /// <summary>The agent ends, or the entry: takes the last edges, puts an output into its safe state, and gives the lines back.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            if (!Drain())
            {
                return;
            }
            if (mode.Flags.HasFlag(LineFlags.Output) && !_request!.TrySet(options.Safe ? 1ul : 0))
            {
                Log.NotSafe(logger, options.Sampling.Series, Description);
            }
            _request!.Dispose();
            Volatile.Write(ref _request, null);
        }
    }

    private void Connect(TimeSpan now)
    {
        if (_isEnded)
        {
            _attemptAt = TimeSpan.MaxValue;
            return;
        }
        LineOutcome outcome = Request(out ILineRequest? request, out string consumer);
        EventTimes times = Times();
        ulong values = 0;
        if (request is not null && !request.TryGet(out values))
        {
            request.Dispose();
            (request, outcome) = (null, LineOutcome.Failed);
        }
        if (request is not null)
        {
            (_failures, _outcome, _sequence, _isMet) = (0, outcome, 0, true);
            _repeatAt = now + mode.Heartbeat;
            Volatile.Write(ref _request, request);
            Log.Found(logger, options.Sampling.Series, Description);
            mode.Begin(values, times);
            return;
        }
        if (_failures == 0 && !_isMet)
        {
            Absent(now, times.Now);
        }
        if (outcome != _outcome)
        {
            Log.NotFound(logger, options.Sampling.Series, LineObstacle.Describe(outcome, options.Address, consumer));
            _outcome = outcome;
        }
        long seconds = 1L << Math.Min(_failures++, 20);
        _attemptAt = now + (seconds < LongestAbsence.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestAbsence);
    }

    private void Continue(TimeSpan now)
    {
        _isAdopted = false;
        EventTimes times = Times();
        if (!_request!.TryGet(out ulong values))
        {
            Lose();
            return;
        }
        _repeatAt = now + mode.Heartbeat;
        mode.Continue(values, times);
    }

    private LineOutcome Request(out ILineRequest? request, out string consumer)
    {
        (request, consumer) = (null, "");
        LineOutcome outcome = LineFinder.Find(devices, options.Address, out IGpioChip? chip, out IReadOnlyList<int> offsets);
        if (outcome != LineOutcome.Ready)
        {
            return outcome;
        }
        using (chip)
        {
            // Nobody knows what happened to what an output drives while it was away.
            ulong first = _isMet ? (options.Safe ? 1ul : 0) : _settings.Values;
            LineSettings wanted = _settings with { Offsets = offsets, Values = first };
            outcome = chip!.Request(wanted, out request);
            if (outcome == LineOutcome.Unsupported && mode.CanDoWithoutEdges)
            {
                outcome = chip.Request(wanted with { Flags = wanted.Flags & ~(LineFlags.EdgeRising | LineFlags.EdgeFalling), Debounce = TimeSpan.Zero }, out request);
                if (outcome == LineOutcome.Ready)
                {
                    Log.NoEdges(logger, options.Sampling.Series, Description);
                }
            }
            if (outcome == LineOutcome.Busy)
            {
                consumer = string.Join(", ", offsets
                    .Select(offset => chip.TryDescribe(offset, out LineInfo info) && info.IsUsed ? info.Consumer : "").Where(name => name.Length > 0));
            }
            _firstOffset = (uint)offsets[0];
            return outcome;
        }
    }

    /// <returns>Whether the lines are there.</returns>
    private bool Drain()
    {
        if (_request is null)
        {
            return false;
        }
        int read;
        int left = LineSettings.LargestQueue / ReadAtOnce;
        do
        {
            read = _request.Read(_events);
            if (read == ILineRequest.Gone)
            {
                Lose();
                return false;
            }
            Take(_events.AsSpan(0, read));
        }
        // No more than the queue held: what comes meanwhile must not keep the others waiting.
        while (read == ReadAtOnce && --left > 0);
        return true;
    }

    private void Take(ReadOnlySpan<LineEvent> events)
    {
        if (events.IsEmpty)
        {
            return;
        }
        EventTimes times = Times();
        foreach (ref readonly LineEvent happened in events)
        {
            // Modulo 2^32, as the kernel counts.
            uint missed = happened.Sequence - _sequence - 1;
            _sequence = happened.Sequence;
            metrics.GpioEdgesMissed.Add(missed);
            mode.Take(happened, happened.Offset == _firstOffset ? 0 : 1, missed, times);
        }
        metrics.GpioEdges.Add(events.Length);
    }

    private void Lose()
    {
        _request!.Dispose();
        Volatile.Write(ref _request, null);
        TimeSpan now = Now;
        _attemptAt = now;
        Log.Lost(logger, options.Sampling.Series, Description);
        Absent(now, clock.Now());
    }

    private void Absent(TimeSpan now, ReadingTime at)
    {
        mode.Absent(at);
        _repeatAt = now + mode.Heartbeat;
    }

    private void Repeat(TimeSpan now)
    {
        // First what happened until now, so that the repetition does not overtake it.
        Drain();
        EventTimes times = Times();
        if (_request is null)
        {
            Absent(now, times.Now);
            return;
        }
        if (!_request.TryGet(out ulong values))
        {
            Lose();
            return;
        }
        mode.Repeat(values, times.Now);
        _repeatAt = now + mode.Heartbeat;
    }

    private TimeSpan NextDue(TimeSpan now)
    {
        TimeSpan due = _request is null ? _attemptAt : now < _restUntil ? _restUntil : TimeSpan.MaxValue;
        return due < (_repeatAt ?? TimeSpan.MaxValue) ? due : _repeatAt ?? TimeSpan.MaxValue;
    }

    private EventTimes Times() => new(clock.Now(), devices.Nanoseconds);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Series}: the {Line} is there.")]
        public static partial void Found(ILogger logger, string series, string line);

        [LoggerMessage(LogLevel.Warning, "{Series}: {Obstacle} It is tried again until it works; its readings say that it is not there.")]
        public static partial void NotFound(ILogger logger, string series, string obstacle);

        [LoggerMessage(LogLevel.Warning, "{Series}: the {Line} raises no interrupts. It is read at its interval; what happens in between is not seen.")]
        public static partial void NoEdges(ILogger logger, string series, string line);

        [LoggerMessage(LogLevel.Warning, "{Series}: the {Line} went away. It is looked for; its readings say that it is not there.")]
        public static partial void Lost(ILogger logger, string series, string line);

        [LoggerMessage(LogLevel.Error, "{Series}: the {Line} did not take its safe state. Look at what it drives.")]
        public static partial void NotSafe(ILogger logger, string series, string line);
    }
}
