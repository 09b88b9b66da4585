using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Clock;

/// <summary>
/// What is known of the time. Everything counts on the clock since boot, which nobody sets; this adds what makes Unix time of it, and says whether that is
/// known to be right:
/// <code>
/// the wall clock     where the configuration trusts it, or the kernel says that it is synchronized and it is past the floor
/// else the surer of  what the kernel vouched for earlier in this boot, and what the service said; each is less sure the longer ago it is
///                    (the wall clock itself where it agrees with that, as it does not jitter with the line)
/// else the wall clock  where the kernel gives no answer at all, and it is past the floor
/// else provisional: the wall clock, or the floor where it is before that
/// floor           := the later one of the date of the build and the last good time on flash
/// </code>
/// What is known once in a boot stays known, however the wall clock jumps. Looked at anew once a second at most, by whoever asks for the time.
/// </summary>
internal sealed partial class AgentClock
{
    /// <summary>Often enough that few readings are made by a wall clock that has just been set, and too rare to cost anything.</summary>
    private const long CheckEvery = 1_000_000_000;

    /// <summary>
    /// A millisecond: two clocks cannot be read at one instant. Slewing moves both of them, so that whatever is more than this is a step.
    /// </summary>
    private const long Noise = 1_000_000;

    /// <summary>Where nobody says how far the wall clock is off: a second, as somebody has set it by hand.</summary>
    private const long Unstated = 1_000_000_000;

    /// <summary>A tenth of a second: what NTP reaches over a mobile line. While no more than this is uncertain, no time is moved to know it better.</summary>
    private const long GoodEnough = 100_000_000;

    /// <summary>A second: what people may want to read of in the log.</summary>
    private const long Notable = 1_000_000_000;

    /// <summary>How often the clocks are read to find a moment in which nothing came in between.</summary>
    private const int Attempts = 3;

    private readonly ClockOptions _options;
    private readonly IMachineClock _machine;
    private readonly ClockFile _file;
    private readonly ILogger<AgentClock> _logger;
    private readonly long _builtOn;
    private readonly long _floor;
    private readonly Lock _gate = new();
    private ClockMemory _memory;
    private OffsetEstimate? _kernel;
    private OffsetEstimate? _service;
    private OffsetEstimate? _wall;
    private OffsetEstimate? _known;
    private ClockSource _source; // of what is known
    private ClockOffset _offset = null!; // set by the first look
    private long _nextCheck;
    private bool _isWrongServiceTold;

    /// <param name="options">Whom to believe.</param>
    /// <param name="machine">The clocks.</param>
    /// <param name="file">What earlier runs knew.</param>
    /// <param name="builtOn">The time is later than this.</param>
    /// <param name="logger">The log.</param>
    public AgentClock(ClockOptions options, IMachineClock machine, ClockFile file, DateTimeOffset builtOn, ILogger<AgentClock> logger)
    {
        (_options, _machine, _file, _logger) = (options, machine, file, logger);
        _memory = file.Read();
        _builtOn = UnixTime.Nanoseconds(builtOn);
        _floor = Math.Max(_builtOn, _memory.LastGood);
        BootId = ByteString.CopyFrom(machine.BootId.ToByteArray(bigEndian: true));
        Look(machine.BootNanoseconds);
    }

    /// <summary>16 bytes, as RFC 9562 writes them.</summary>
    public ByteString BootId { get; }

    /// <summary>On the clock since boot.</summary>
    public long BootNanoseconds => _machine.BootNanoseconds;

    /// <summary>Whether times that are made now are right.</summary>
    public ClockState State => Offset.IsProvisional ? ClockState.Provisional : ClockState.Synchronized;

    public bool IsKnown => !Offset.IsProvisional;

    /// <summary>The best that is known.</summary>
    public DateTimeOffset UtcNow => UnixTime.Instant(Now().UnixNanoseconds);

    /// <summary>A time that is certainly over.</summary>
    public DateTimeOffset Floor => UnixTime.Instant(_floor);

    /// <summary>What is added to the time since boot now.</summary>
    public ClockOffset Offset
    {
        get
        {
            Check(_machine.BootNanoseconds);
            return Volatile.Read(ref _offset);
        }
    }

    /// <summary>Who says what time it is, and how surely: for people who ask.</summary>
    public ClockStanding Standing
    {
        get
        {
            ClockOffset offset = Offset;
            lock (_gate)
            {
                long boot = _machine.BootNanoseconds;
                TimeSpan ahead = TimeSpan.FromTicks((_machine.WallNanoseconds - boot - offset.Nanoseconds) / TimeSpan.NanosecondsPerTick);
                return _known is { } known
                    ? new ClockStanding(_source, TimeSpan.FromTicks(known.UncertaintyAt(boot) / TimeSpan.NanosecondsPerTick), ahead)
                    : new ClockStanding(ClockSource.None, null, ahead);
            }
        }
    }

    /// <summary>The time for a reading that is taken now.</summary>
    public ReadingTime Now()
    {
        long boot = _machine.BootNanoseconds;
        Check(boot);
        ClockOffset offset = Volatile.Read(ref _offset);
        return new ReadingTime(boot + offset.Nanoseconds, offset);
    }

    /// <summary>The service has said what time it is.</summary>
    /// <param name="serverUnixNanoseconds">Its clock, at some instant between the question and now.</param>
    /// <param name="askedAt">When the question left, since boot.</param>
    public void Heard(long serverUnixNanoseconds, long askedAt)
    {
        long now = _machine.BootNanoseconds;
        if (serverUnixNanoseconds < _builtOn)
        {
            if (!Interlocked.Exchange(ref _isWrongServiceTold, true))
            {
                Log.ServiceIsWrong(_logger, UnixTime.Instant(serverUnixNanoseconds));
            }
            return;
        }
        long half = (now - askedAt) / 2;
        var heard = new OffsetEstimate(serverUnixNanoseconds - (askedAt + half), half, now, IsVouched: true);
        lock (_gate)
        {
            // A shorter round trip says it better. Where the two exclude each other, the service has been corrected.
            if (_service is not { } before
                || (before.UncertaintyAt(now) > GoodEnough && heard.Uncertainty < before.UncertaintyAt(now) / 2)
                || Int128.Abs((Int128)heard.Offset - before.Offset) > heard.Uncertainty + before.UncertaintyAt(now))
            {
                _service = heard;
                Look(now);
            }
        }
    }

    /// <summary>For the service: by what it corrects the provisional times of this boot and of earlier ones. The newest last.</summary>
    public IReadOnlyList<ClockReference> References()
    {
        lock (_gate)
        {
            return [.. Remembered().Boots.Reverse().Select(static boot => boot.ToReference())];
        }
    }

    /// <summary>Keeps what is known on flash.</summary>
    /// <returns>False where nothing is known that could be kept, or the disk does not take it.</returns>
    public bool Save()
    {
        lock (_gate)
        {
            if (_known is null)
            {
                return false;
            }
            _memory = Remembered();
            return _file.TryWrite(_memory);
        }
    }

    private ClockMemory Remembered()
    {
        if (_known is not { } known)
        {
            return _memory;
        }
        long now = _machine.BootNanoseconds;
        // A wall clock that nobody vouches for may be years ahead, and a floor that is wrong would be hard to get rid of.
        long lastGood = known.IsVouched ? now + known.Offset : _memory.LastGood;
        return _memory.With(lastGood, new BootRelation(_machine.BootId, known.Offset, known.UncertaintyAt(now)));
    }

    private void Check(long boot)
    {
        if (boot < Volatile.Read(ref _nextCheck) || !_gate.TryEnter())
        {
            // Whoever is looking at this moment finds what there is to find.
            return;
        }
        try
        {
            Look(boot);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Look(long boot)
    {
        (long wallOffset, long width) = ReadWall();
        bool isPlausible = boot + wallOffset >= _floor;
        _known = Find(wallOffset, isPlausible, boot) ?? _known;
        long wanted = _known?.Offset ?? (isPlausible ? wallOffset : _offset?.Nanoseconds ?? _floor - boot);
        ClockOffset? present = _offset;
        bool isNews = present is null || present.IsProvisional != _known is null;
        Int128 step = present is null ? 0 : Int128.Abs((Int128)wanted - present.Nanoseconds);
        if (isNews || step > Noise + width)
        {
            Volatile.Write(ref _offset, new ClockOffset(this, wanted, isProvisional: _known is null));
        }
        if (isNews || step > Notable)
        {
            Tell(boot);
        }
        Volatile.Write(ref _nextCheck, boot + CheckEvery);
    }

    /// <returns>Null where nothing is known that was not known before.</returns>
    private OffsetEstimate? Find(long wallOffset, bool isPlausible, long boot)
    {
        if (_options.Trust == ClockTrust.Always)
        {
            _source = ClockSource.Configuration;
            return new OffsetEstimate(wallOffset, Unstated, boot, IsVouched: false);
        }
        KernelSync sync = _machine.Sync;
        if (isPlausible && sync.State == KernelSyncState.Synchronized)
        {
            _source = ClockSource.Kernel;
            return _kernel = new OffsetEstimate(wallOffset, sync.UncertaintyNanoseconds, boot, IsVouched: true);
        }
        if (Surer(_kernel, _service, boot) is { } best)
        {
            _source = best == _kernel ? ClockSource.Kernel : ClockSource.Service;
            return best.Admits(wallOffset, boot) ? best with { Offset = wallOffset } : best;
        }
        if (isPlausible && sync.State == KernelSyncState.Unknown)
        {
            _source = ClockSource.Wall;
            _wall = new OffsetEstimate(wallOffset, Unstated, boot, IsVouched: false);
        }
        return _wall;
    }

    private static OffsetEstimate? Surer(OffsetEstimate? one, OffsetEstimate? other, long boot) =>
        one is not { } first ? other
        : other is not { } second ? one
        : first.UncertaintyAt(boot) <= second.UncertaintyAt(boot) ? first : second;

    /// <summary>How far the wall clock is ahead of the one since boot, and how long it took to see that.</summary>
    private (long Offset, long Width) ReadWall()
    {
        (long Offset, long Width) best = (0, long.MaxValue);
        for (int i = 0; i < Attempts && best.Width > Noise; i++)
        {
            long before = _machine.BootNanoseconds;
            long wall = _machine.WallNanoseconds;
            long width = _machine.BootNanoseconds - before;
            best = width < best.Width ? (wall - before - (width / 2), width) : best;
        }
        return best;
    }

    private void Tell(long boot)
    {
        DateTimeOffset now = UnixTime.Instant(boot + _offset.Nanoseconds);
        if (_known is { } known)
        {
            Log.Known(_logger, now, TimeSpan.FromTicks(known.UncertaintyAt(boot) / TimeSpan.NanosecondsPerTick));
        }
        else
        {
            Log.Provisional(_logger, now);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The time is {Now:u}, known within {Uncertainty}.")]
        public static partial void Known(ILogger logger, DateTimeOffset now, TimeSpan uncertainty);

        [LoggerMessage(LogLevel.Warning, "The time is not known yet; {Now:u} is assumed. Readings are taken all the same: their times are provisional, and corrected once NTP or the service says what time it is.")]
        public static partial void Provisional(ILogger logger, DateTimeOffset now);

        [LoggerMessage(LogLevel.Warning, "The service says that it is {Time:u}, which is before this program was built. It is not believed.")]
        public static partial void ServiceIsWrong(ILogger logger, DateTimeOffset time);
    }
}
