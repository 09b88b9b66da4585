using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Clock;

/// <summary>What became known of the clock of one boot of the machine.</summary>
/// <param name="BootId">Which.</param>
/// <param name="Offset">Unix time less the time since boot, in nanoseconds.</param>
/// <param name="Uncertainty">How far that may be off, in either direction.</param>
internal readonly record struct BootRelation(Guid BootId, long Offset, long Uncertainty)
{
    public static BootRelation Of(ClockReference reference) => new(
        new Guid(reference.BootId.Span, bigEndian: true),
        unchecked(reference.UnixNanoseconds - reference.BootTimeNanoseconds),
        (long)Math.Min(reference.UncertaintyNanoseconds, long.MaxValue));

    /// <summary>As it is told to a service. Of all instants the boot itself: the time was the offset then.</summary>
    public ClockReference ToReference() => new()
    {
        BootId = ByteString.CopyFrom(BootId.ToByteArray(bigEndian: true)),
        BootTimeNanoseconds = 0,
        UnixNanoseconds = Offset,
        UncertaintyNanoseconds = (ulong)Uncertainty,
    };
}
