using System.Diagnostics;

namespace EdgeAgent.Bench.Grpc;

/// <summary>What this process has used.</summary>
internal static class Processor
{
    public static Usage Now()
    {
        using var self = Process.GetCurrentProcess();
        return new Usage(self.TotalProcessorTime.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true));
    }
}
