namespace EdgeAgent.Spooling.Inspection;

/// <summary>The piece of a lane that records lie in.</summary>
/// <param name="First">The first sequence that belongs to it.</param>
/// <param name="FileBytes">Its size on disk.</param>
/// <param name="ItemsBefore">Readings that had gone into the lane before it.</param>
/// <param name="BytesBefore">Payload bytes that had gone into the lane before it.</param>
/// <param name="Level">How often its records were thinned; 0: not at all, and what follows means nothing.</param>
/// <param name="Through">The last sequence of what its records stand for.</param>
/// <param name="ItemsThrough">Readings that had gone into the lane up to there.</param>
public readonly record struct SpoolSegment(
    ulong First, int FileBytes, ulong ItemsBefore, ulong BytesBefore, int Level, ulong Through, ulong ItemsThrough);
