namespace EdgeAgent.Ingestion.People;

/// <param name="Id">Counts up.</param>
/// <param name="AtUnixNanoseconds">When it was asked for.</param>
/// <param name="Caller">By whom.</param>
/// <param name="Action">Method and path of the request, or "signed in".</param>
/// <param name="Device">Which device it is about, where it is about one.</param>
/// <param name="Note">What was changed, in words.</param>
/// <param name="Outcome">The status of the answer; null where it has not ended, or the service was killed before.</param>
internal sealed record AuditEntry(long Id, long AtUnixNanoseconds, string Caller, string Action, string? Device, string? Note, int? Outcome);
