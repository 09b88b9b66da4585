using Grpc.Core;

namespace Grpc.Net.Framing;

/// <summary>What reading one frame came to.</summary>
internal enum ReadOutcome
{
    /// <summary>A message. Use it, then release it.</summary>
    Message,

    /// <summary>The stream ended between two frames: all is read.</summary>
    End,

    /// <summary>The stream ended inside a frame. Fail the call.</summary>
    Truncated,

    /// <summary>The flag of the frame is neither 0 nor 1: the two sides are out of step. Fail the call.</summary>
    BadFlag,

    /// <summary>The frame, or what it inflates to, is larger than may be received. Fail the call; nothing of it was kept.</summary>
    TooLarge,

    /// <summary>A compressed frame in a call that named no encoding. Fail the call.</summary>
    CompressedWithoutEncoding,

    /// <summary>The payload is not what its encoding says. Fail the call.</summary>
    CorruptCompression,
}

/// <summary>The status of a call that a bad frame ends.</summary>
internal static class ReadOutcomes
{
    public static Status ToStatus(this ReadOutcome outcome, int? maxMessageSize) => outcome switch
    {
        ReadOutcome.Truncated => new Status(StatusCode.Internal, "The stream ended inside a message."),
        ReadOutcome.BadFlag => new Status(StatusCode.Internal, "A message starts with a flag that is neither 0 nor 1."),
        ReadOutcome.TooLarge => new Status(
            StatusCode.ResourceExhausted, $"A message is larger than the {maxMessageSize ?? Array.MaxLength} bytes that may be received."),
        ReadOutcome.CompressedWithoutEncoding => new Status(
            StatusCode.Internal, "A message is compressed, but the call has no grpc-encoding."),
        ReadOutcome.CorruptCompression => new Status(StatusCode.Internal, "A compressed message cannot be inflated."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "This outcome does not end a call."),
    };
}
