using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics;

/// <summary>The least severe messages that are logged: what the configuration says, or more for a time. Any thread.</summary>
internal sealed class LogLevels(LogLevel configured, TimeProvider time)
{
    private readonly Lock _gate = new();
    private LogLevel _raised = LogLevel.None;
    private long _until;

    public LogLevel Current
    {
        get
        {
            // Nearly always nothing is raised, and every message that is not logged asks.
            if (Volatile.Read(ref _until) == 0)
            {
                return configured;
            }
            lock (_gate)
            {
                if (time.GetTimestamp() >= _until)
                {
                    Volatile.Write(ref _until, 0);
                }
                return _until == 0 ? configured : _raised;
            }
        }
    }

    public bool IsEnabled(LogLevel level) => level >= Current;

    /// <summary>Logs more for a time; an earlier raise is over. Never less than what is configured.</summary>
    public void Raise(LogLevel level, TimeSpan duration)
    {
        lock (_gate)
        {
            _raised = level < configured ? level : configured;
            Volatile.Write(ref _until, Math.Max(1, time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency)));
        }
    }
}
