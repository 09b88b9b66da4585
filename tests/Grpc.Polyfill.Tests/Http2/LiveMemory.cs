namespace Grpc.Polyfill.Tests.Http2;

/// <summary>What is alive in this process, so that a test can see whether an attack that still stands makes it keep anything.</summary>
internal sealed class LiveMemory
{
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);

    public void ExpectGrowthBelow(long bytes) =>
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - _before, long.MinValue, bytes);
}
