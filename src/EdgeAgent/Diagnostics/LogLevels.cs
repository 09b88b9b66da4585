using EdgeAgent.Configuration;
using EdgeAgent.Reconfiguration;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics;

/// <summary>
/// Which messages are logged: those that <c>device.logLevel</c> asks for, and for a time those that a person asks for who looks for something. Asked before each message,
/// from any thread.
/// </summary>
/// <param name="configured">The least severe messages that are logged.</param>
/// <param name="time">A clock that only counts.</param>
internal sealed class LogLevels(LogLevel configured, TimeProvider time) : IReconfigurable
{
    private int _configured = (int)configured;
    private Raised? _raised;

    /// <summary>The least severe messages that are logged now.</summary>
    public LogLevel Least
    {
        get
        {
            var asked = (LogLevel)Volatile.Read(ref _configured);
            // No timer ends it: the first message that comes too late finds it over.
            return Volatile.Read(ref _raised) is { } raised && raised.Level < asked && time.GetElapsedTime(raised.Since) < raised.Duration ? raised.Level : asked;
        }
    }

    public bool IsWanted(LogLevel level) => level >= Least;

    /// <summary>
    /// Logs more for a time, whatever the configuration says; never less. The last call counts. It ends with the process, and where the agent is built anew, so that
    /// nobody forgets it and fills a journal.
    /// </summary>
    public void Raise(LogLevel level, TimeSpan duration) => Volatile.Write(ref _raised, new Raised(level, time.GetTimestamp(), duration));

    public Task RetireAsync(AgentConfiguration next, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task BeginAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _configured, (int)next.Device.LogLevel);
        return Task.CompletedTask;
    }

    private sealed record Raised(LogLevel Level, long Since, TimeSpan Duration);
}
