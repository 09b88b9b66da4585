using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>Makes the log more talkative for a time; it ends by itself, so that nobody forgets it.</summary>
internal sealed class LogLevelRequest(LogLevels levels) : IRequestHandler
{
    private static readonly Dictionary<string, LogLevel> Words = new(StringComparer.Ordinal)
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.LogLevel;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        TimeSpan duration = TimeSpan.FromSeconds(request.LogLevel.Seconds);
        if (!Words.TryGetValue(request.LogLevel.Level, out LogLevel level) || duration <= TimeSpan.Zero || duration > Longest)
        {
            return new(RequestResult.Of(RemoteOutcome.Failed, $"That is no level, or no time up to a day. Levels: {string.Join(", ", Words.Keys)}."));
        }
        levels.Raise(level, duration);
        string now = levels.Least.ToString().ToLowerInvariant();
        return new(RequestResult.Of(RemoteOutcome.Done, $"The log has {now} and above for {Duration.Format(duration)}."));
    }
}
