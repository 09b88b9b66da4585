namespace EdgeAgent.Spooling.Inspection;

/// <summary>Something in a spool's folder that is not as it was written.</summary>
/// <param name="File">Its name within the folder.</param>
/// <param name="Offset">Where in it, in bytes.</param>
/// <param name="What">What is wrong, as a clause.</param>
/// <param name="Cost">What is lost by it, as a clause.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
public sealed record SpoolFinding(string File, long Offset, string What, string Cost, string Remedy);
