namespace EdgeAgent.Spooling;

/// <summary>
/// There is no segment to append to, and none that may give way. The queue is unchanged and sound: everything appended before is
/// kept. Hold the record in memory and try again when records were released or the disk has room.
/// </summary>
public sealed class SpoolFullException(SpoolLane lane, Exception? inner)
    : IOException($"The {lane} lane has no room: the disk gives no new segment and no older one may give way.", inner);
