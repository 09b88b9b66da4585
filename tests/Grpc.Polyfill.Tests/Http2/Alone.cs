namespace Grpc.Polyfill.Tests.Http2;

/// <summary>Tests that measure memory or short times: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
