namespace EdgeAgent.Ingestion.Commands;

/// <summary>What an import has done.</summary>
/// <param name="Problem">Why it ended before the file did, and what to do; null where it did not. What the counts say is stored all the same.</param>
/// <param name="RecordsStored">Records that are new.</param>
/// <param name="RecordsSkipped">Records that the service had.</param>
/// <param name="ReadingsStored">Readings in the new ones.</param>
internal readonly record struct ImportResult(string? Problem, long RecordsStored, long RecordsSkipped, ulong ReadingsStored);
