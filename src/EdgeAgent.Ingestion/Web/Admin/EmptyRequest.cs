namespace EdgeAgent.Ingestion.Web.Admin;

/// <summary>The body of a request that says everything by its path: <c>{}</c>. Only what has the type of JSON can be sent, which no other site's form has.</summary>
internal sealed record EmptyRequest;
