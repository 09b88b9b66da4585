using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Testing;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>What one process has done.</summary>
/// <param name="Messages">Sent or received.</param>
/// <param name="Seconds">From the first to the last.</param>
/// <param name="ProcessorSeconds">That the process has used meanwhile, on all cores.</param>
/// <param name="AllocatedBytes">Managed memory; 0 where that is not known.</param>
internal sealed record Measured(long Messages, double Seconds, double ProcessorSeconds, long AllocatedBytes = 0)
{
    [JsonIgnore]
    public double PerSecond => Messages / Seconds;

    [JsonIgnore]
    public double ProcessorSecondsPerMillion => ProcessorSeconds / Messages * 1e6;

    /// <summary>Runs this program once more as another process, and returns what it prints at its end.</summary>
    public static async Task<Measured> ByOtherProcessAsync(params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(Environment.ProcessPath!, arguments, TimeSpan.FromMinutes(5));
        return exitCode == 0 ? JsonSerializer.Deserialize<Measured>(output)! : throw new InvalidOperationException($"{arguments[0]} ended with {exitCode}: {output}");
    }

    /// <summary>For the process that started this one.</summary>
    public void Print() => Console.WriteLine(JsonSerializer.Serialize(this));

    public static TimeSpan ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }
}
