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

    public SpoolLane Lane { get; set; }

    public ulong Sequence { get; set; }

    public uint Readings { get; set; }
}
