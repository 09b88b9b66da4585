using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// A write or a sync failed, so what was appended after <see cref="SpoolQueue.Committed"/> may or may not be on disk. A failed
/// sync is never repeated: the kernel may have thrown the pages away, and would answer the second call with success. Committed
/// records stay readable. Dispose the spool and open it again: recovery finds out what is there.
/// </summary>
public sealed class SpoolBrokenException(SpoolLane lane, Exception inner)
    : IOException($"The {lane} lane cannot write any more: {inner.Message}", inner)
{
    /// <summary>What is the matter.</summary>
    public DiskFault Fault { get; } = DiskFaults.Of(inner);

    /// <summary>Whether this is the disk's doing; anything else is a bug and flies on.</summary>
    internal static bool IsReason(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
