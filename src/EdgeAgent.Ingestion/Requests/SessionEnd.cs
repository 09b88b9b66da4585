using Grpc.Core;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>Why a session with a device is over.</summary>
internal enum SessionEnd
{
    /// <summary>The device has said everything.</summary>
    Ended,

    /// <summary>The connection broke, or the device may not call any more.</summary>
    Disconnected,

    /// <summary>The device has a newer one.</summary>
    Superseded,

    /// <summary>The service stops.</summary>
    Stopping,

    /// <summary>No hello came, or the device does not read what it is sent.</summary>
    TooSlow,

    /// <summary>What came is no hello, is too large, or answers what nobody asked.</summary>
    ProtocolViolated,

    /// <summary>It began too many of them.</summary>
    TooOften,

    /// <summary>What is asked and answered cannot be read or written at present.</summary>
    StoreFailing,
}

/// <summary>What the device is told.</summary>
internal static class SessionEnds
{
    public static Status Status(this SessionEnd end) => end switch
    {
        SessionEnd.Ended => Grpc.Core.Status.DefaultSuccess,
        SessionEnd.Disconnected => new Status(StatusCode.Cancelled, "The connection broke."),
        SessionEnd.Superseded => new Status(StatusCode.Aborted, "A newer session of this device has begun."),
        SessionEnd.Stopping => new Status(StatusCode.Unavailable, "The service stops. Try again."),
        SessionEnd.TooSlow => new Status(StatusCode.DeadlineExceeded, "The session has no hello, or what it is asked is not read."),
        SessionEnd.ProtocolViolated => new Status(StatusCode.InvalidArgument, "A message came that is not what session.proto says, too large, or an answer that nobody waits for."),
        SessionEnd.TooOften => new Status(StatusCode.ResourceExhausted, "This device begins sessions too often."),
        _ => new Status(StatusCode.Unavailable, "Requests cannot be read at present."),
    };
}
