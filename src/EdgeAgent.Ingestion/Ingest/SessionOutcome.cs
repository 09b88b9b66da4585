using Grpc.Core;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>How an upload session ends.</summary>
internal enum SessionOutcome
{
    /// <summary>Everything is durable: reply with the receipt.</summary>
    Received,

    /// <summary>The messages contradict the protocol: a defect of the device's program.</summary>
    ProtocolViolated,

    /// <summary>A record cannot be decoded: the device sets it aside and goes on behind it.</summary>
    RecordRefused,

    /// <summary>A sequence is missing and no gap explains it: the device resumes from the watermark.</summary>
    Hole,

    /// <summary>What precedes the session was not stored in time: the device resumes from the watermark.</summary>
    PredecessorMissing,

    /// <summary>Another session of the same lane went ahead: the device resumes from the watermark.</summary>
    Superseded,

    /// <summary>A series was never named: the device sends its dictionaries.</summary>
    SeriesUnknown,

    /// <summary>No place for the session or its work: the device tries later.</summary>
    Overloaded,

    /// <summary>The store does not work: the device keeps everything and tries later.</summary>
    StoreFailing,

    /// <summary>The device said nothing for too long, or the session took too long.</summary>
    TooSlow,

    /// <summary>The connection broke or the device gave up. What had arrived was stored all the same.</summary>
    Disconnected,

    /// <summary>The device was revoked or put into quarantine while the session was open. What had arrived was stored.</summary>
    Refused,

    /// <summary>The service stops. What had arrived was stored.</summary>
    Stopping,
}

/// <summary>An outcome, in words for the device's log, and the sequence of the record that was refused.</summary>
internal readonly record struct SessionEnd(SessionOutcome Outcome, string Message = "", ulong RefusedSequence = 0)
{
    public StatusCode StatusCode => Outcome switch
    {
        SessionOutcome.Received => StatusCode.OK,
        SessionOutcome.ProtocolViolated or SessionOutcome.RecordRefused => StatusCode.InvalidArgument,
        SessionOutcome.Hole or SessionOutcome.PredecessorMissing or SessionOutcome.Superseded => StatusCode.Aborted,
        SessionOutcome.SeriesUnknown => StatusCode.FailedPrecondition,
        SessionOutcome.Overloaded => StatusCode.ResourceExhausted,
        SessionOutcome.Refused => StatusCode.PermissionDenied,
        SessionOutcome.TooSlow => StatusCode.DeadlineExceeded,
        SessionOutcome.Disconnected => StatusCode.Cancelled,
        _ => StatusCode.Unavailable,
    };
}
