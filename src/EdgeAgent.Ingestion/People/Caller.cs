namespace EdgeAgent.Ingestion.People;

/// <summary>Who is asking, proven by a session's cookie or by an API token.</summary>
/// <param name="Name">As it stands in the audit: a person's name, or <c>token:NAME</c>.</param>
/// <param name="Role">What it may do.</param>
internal sealed record Caller(string Name, Role Role);
