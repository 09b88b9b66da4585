namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>Tests that measure memory: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
