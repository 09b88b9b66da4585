using System.Globalization;
// By name: one of the two programs has the whole namespace among its implicit usings, where a second one would be a warning.
using ILogger = Microsoft.Extensions.Logging.ILogger;
using LoggerMessageAttribute = Microsoft.Extensions.Logging.LoggerMessageAttribute;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace EdgeAgent.Supervision;

/// <summary>
/// Tells the supervisor that the process is alive while every stage keeps its word, and nothing where one does not: the supervisor then ends the process and starts it
/// again. The log names the stage before that. One file for both programs.
/// <code>
/// WATCHDOG_USEC := digits    of the environment, by systemd: after so long without a beat it ends the process
/// WATCHDOG_PID  := digits    whom it means; anybody where it is not set
/// </code>
/// </summary>
/// <remarks>
/// A beat comes after half of that time, as sd_watchdog_enabled(3) advises; it is the process's only wake-up that is not its work. While a stage is stuck the look is
/// <see cref="Closer"/> times closer, so that one that comes to is not killed for the grid of this timer.
/// </remarks>
internal sealed partial class Watchdog : IDisposable
{
    private const int Closer = 6;

    private readonly SupervisorSocket _supervisor;
    private readonly Heartbeats _process;
    private readonly Func<Heartbeats?>? _inside;
    private readonly ILogger _logger;
    private readonly TimeSpan _period;
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private Heartbeat? _stuck; // the one that the log has named
    private bool _isOver;

    /// <param name="supervisor">Who is told.</param>
    /// <param name="limit">After how long without a beat it ends the process.</param>
    /// <param name="process">Stages that live as long as the process.</param>
    /// <param name="inside">Asked each time: those of what can be built anew under it; null while there is none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a stuck stage is named.</param>
    public Watchdog(SupervisorSocket supervisor, TimeSpan limit, Heartbeats process, Func<Heartbeats?>? inside, TimeProvider time, ILogger logger)
    {
        (_supervisor, _process, _inside, _logger, _period) = (supervisor, process, inside, logger, limit / 2);
        _timer = time.CreateTimer(static watchdog => ((Watchdog)watchdog!).Look(), this, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the environment says; null where nobody waits for beats of this process.</summary>
    public static TimeSpan? LimitFromEnvironment() =>
        LimitFrom(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId);

    /// <inheritdoc cref="LimitFromEnvironment"/>
    internal static TimeSpan? LimitFrom(string? microseconds, string? process, int self)
    {
        bool isForSelf = string.IsNullOrEmpty(process) || process == self.ToString(CultureInfo.InvariantCulture);
        return isForSelf && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) && limit > 0
            ? TimeSpan.FromMicroseconds(limit)
            : null;
    }

    /// <summary>The process ends, which the supervisor watches by another limit.</summary>
    public void Dispose()
    {
        lock (_looking)
        {
            _isOver = true;
            _timer.Dispose();
        }
    }

    private void Look()
    {
        lock (_looking)
        {
            if (_isOver)
            {
                return;
            }
            Heartbeats? inside = _inside?.Invoke();
            Heartbeat? stuck = FirstStuck(_process) ?? FirstStuck(inside);
            Tell(stuck);
            if (stuck is null)
            {
                _supervisor.Beat();
                Knock(_process);
                Knock(inside);
            }
            _timer.Change(stuck is null ? _period : _period / Closer, Timeout.InfiniteTimeSpan);
        }
    }

    private static Heartbeat? FirstStuck(Heartbeats? stages)
    {
        foreach (Heartbeat heart in stages is null ? [] : stages.All)
        {
            if (heart.Overdue > TimeSpan.Zero)
            {
                return heart;
            }
        }
        return null;
    }

    private static void Knock(Heartbeats? stages)
    {
        foreach (Heartbeat heart in stages is null ? [] : stages.All)
        {
            heart.Knock();
        }
    }

    private void Tell(Heartbeat? stuck)
    {
        if (stuck == _stuck)
        {
            return;
        }
        if (stuck is not null)
        {
            Log.Stuck(_logger, stuck.Stage, stuck.Overdue);
            _supervisor.TellStatus($"Stuck: {stuck.Stage}. The process is ended and started again unless it comes to.");
        }
        else
        {
            Log.Moves(_logger, _stuck!.Stage);
            _supervisor.TellStatus($"Not stuck any more: {_stuck.Stage}.");
        }
        _stuck = stuck;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Stuck: {Stage}, {Overdue} past its time. The supervisor is not told any more that this process is alive, and starts it again unless it comes to.")]
        public static partial void Stuck(ILogger logger, string stage, TimeSpan overdue);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Not stuck any more: {Stage}.")]
        public static partial void Moves(ILogger logger, string stage);
    }
}
