using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// There is no segment to append to, and none that may give way. The queue is unchanged and sound: everything appended before is
/// kept. Hold the record in memory and try again when records were released or the disk has room. Where memory holds records that the disk
/// does not take, whatever its reason, it is the same: nothing is lost, and there is no room.
/// </summary>
public sealed class SpoolFullException(SpoolLane lane, Exception? inner)
    : IOException(
        inner is null or DiskFullException
            ? $"The {lane} lane has no room: the disk gives no new segment and no older one may give way."
            : $"The {lane} lane has no room: what memory holds cannot be written. {inner.Message}",
        inner);
