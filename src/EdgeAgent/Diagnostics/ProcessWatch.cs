using System.Globalization;

namespace EdgeAgent.Diagnostics;

/// <summary>What this process takes, as the kernel and the runtime say.</summary>
internal static class ProcessWatch
{
    public static ProcessStatus Look()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return new ProcessStatus(
            Environment.ProcessId, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), memory.TotalAvailableMemoryBytes, Threads(),
            Environment.CpuUsage.TotalTime);
    }

    /// <summary>The line <c>Threads:</c> of /proc/self/status (proc(5)).</summary>
    public static int? TryParseThreads(string status)
    {
        foreach (ReadOnlySpan<char> line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Threads:", StringComparison.Ordinal)
                && int.TryParse(line["Threads:".Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int threads))
            {
                return threads;
            }
        }
        return null;
    }

    private static int? Threads()
    {
        try
        {
            return TryParseThreads(File.ReadAllText("/proc/self/status"));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
