using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>How far a request is. The first two are open; each of the others is its end.</summary>
internal enum RequestState
{
    /// <summary>No session of the device has taken it yet.</summary>
    Waiting,

    /// <summary>It is on its way to the device, once: what may have been done is never sent again.</summary>
    Sent,

    /// <summary>The device did it.</summary>
    Done,

    /// <summary>The device's own file does not allow it, or the device is in quarantine.</summary>
    Refused,

    /// <summary>The device does not know such a request, or nothing of that name.</summary>
    Unknown,

    /// <summary>It did not work, or the line broke and nobody knows.</summary>
    Failed,

    /// <summary>There was no session, or no answer, in time.</summary>
    TimedOut,
}

/// <summary>States as the table and the API have them.</summary>
internal static class RequestStates
{
    public const string Waiting = "waiting", Sent = "sent", Done = "done", Refused = "refused", Unknown = "unknown", Failed = "failed", TimedOut = "timed_out";

    public static bool IsOpen(this RequestState state) => state is RequestState.Waiting or RequestState.Sent;

    public static string Word(this RequestState state) => state switch
    {
        RequestState.Waiting => Waiting,
        RequestState.Sent => Sent,
        RequestState.Done => Done,
        RequestState.Refused => Refused,
        RequestState.Unknown => Unknown,
        RequestState.Failed => Failed,
        _ => TimedOut,
    };

    public static RequestState Parse(string word) => Enum.GetValues<RequestState>().First(state => state.Word() == word);

    /// <summary>What a device says became of it. An outcome that nobody knows is a newer device's, and no success.</summary>
    public static RequestState Of(RemoteOutcome outcome) => outcome switch
    {
        RemoteOutcome.Done => RequestState.Done,
        RemoteOutcome.Refused => RequestState.Refused,
        RemoteOutcome.Unknown => RequestState.Unknown,
        RemoteOutcome.TimedOut => RequestState.TimedOut,
        _ => RequestState.Failed,
    };
}
