using System.Buffers;
using EdgeAgent.Spooling;

namespace EdgeAgent.Batching;

/// <summary>
/// A batch that was appended and is not known to be on disk. Its bytes are kept until the commit that covers it, so that they can be
/// appended again where the disk failed in between. Reused.
/// </summary>
internal sealed class UncommittedBatch
{
    public ArrayBufferWriter<byte> Bytes { get; } = new();

    /// <summary>The marks of the messages in it, which also stand at the end of <see cref="Bytes"/>. See <see cref="DeliveryMarks"/>.</summary>
    public ArrayBufferWriter<byte> Marks { get; } = new();

    public SpoolLane Lane { get; set; }

    /// <summary>The spool that it was appended to, as far as is known; empty where it was not.</summary>
    public Guid Spool { get; set; }

    /// <summary>Its place in that spool.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Counted as batched: once, however often it is appended.</summary>
    public bool IsCounted { get; set; }

    public uint Readings { get; set; }

    /// <summary>How many of them their senders keep until they are acknowledged.</summary>
    public uint Kept { get; set; }

    /// <summary>Readings that nobody else has.</summary>
    public long AtRisk => Readings - Kept;

    /// <summary>When its first reading came.</summary>
    public TimeSpan Since { get; set; }

    /// <summary>When its last reading came.</summary>
    public TimeSpan Newest { get; set; }
}
