using EdgeAgent.Protocol.V1;

namespace EdgeAgent.RemoteSession;

/// <summary>What the device's own file lets the service ask, whatever the service says. Key <c>remote.allow</c> of the configuration.</summary>
/// <param name="words">As <see cref="WordOf"/> has them.</param>
internal sealed class AllowedRequests(IEnumerable<string> words)
{
    public const string Read = "read", Status = "status", Spool = "spool", Logs = "logs", LogLevel = "log-level", Restart = "restart", OutputPrefix = "output:";

    /// <summary>Default: what only looks. A log may hold names and addresses, and so may a status; neither holds a secret.</summary>
    public static readonly AllowedRequests Standard = new([Read, Status, Spool, Logs]);

    public static readonly IReadOnlyList<string> Kinds = [Read, Status, Spool, Logs, LogLevel, Restart];

    private readonly HashSet<string> _words = new(words, StringComparer.Ordinal);

    public IEnumerable<string> Words => _words.Order(StringComparer.Ordinal);

    /// <summary>Nothing may be asked: no session is opened.</summary>
    public bool IsNothing => _words.Count == 0;

    public bool Allow(RemoteRequest request) => WordOf(request) is { } word && _words.Contains(word);

    /// <returns>Null where the agent does not know such requests.</returns>
    public static string? WordOf(RemoteRequest request) => request.KindCase switch
    {
        RemoteRequest.KindOneofCase.Read => Read,
        RemoteRequest.KindOneofCase.Status => Status,
        RemoteRequest.KindOneofCase.Spool => Spool,
        RemoteRequest.KindOneofCase.Log => Logs,
        RemoteRequest.KindOneofCase.LogLevel => LogLevel,
        RemoteRequest.KindOneofCase.Restart => Restart,
        RemoteRequest.KindOneofCase.Output => OutputPrefix + request.Output.Series,
        _ => null,
    };
}
