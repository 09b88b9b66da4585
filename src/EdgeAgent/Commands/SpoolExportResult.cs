namespace EdgeAgent.Commands;

/// <summary>What an export has written.</summary>
/// <param name="IsComplete">False: the spool was rewritten or released under it. Nothing of it may be used.</param>
/// <param name="Records">Records.</param>
/// <param name="Readings">Readings in them that were asked for, entries of aggregates counted where they were written out.</param>
/// <param name="Lost">Readings that the spool says are gone.</param>
/// <param name="Undecodable">Records that were left out.</param>
internal readonly record struct SpoolExportResult(bool IsComplete, long Records, ulong Readings, ulong Lost, long Undecodable);
