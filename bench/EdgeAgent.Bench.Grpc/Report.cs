using System.Text.Json;
using Grpc.Net.Client;

namespace EdgeAgent.Bench.Grpc;

/// <summary>The figures, as a table for RESULTS.md or as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(IReadOnlyList<Contender> contenders, IReadOnlyList<Comparison> comparisons, Settings settings)
    {
        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                comparisons.SelectMany(comparison => contenders.Select(contender => new
                {
                    comparison.Size,
                    Contender = contender.Name,
                    Figures = comparison.Of(contender),
                    RatioOfTheFirst = comparison.RatioTo(contender),
                })),
                s_json));
            return;
        }
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors, medians of {settings.Rounds} rounds of {settings.Time.TotalSeconds} s, {typeof(GrpcChannel).Assembly.GetName()}");
        Console.WriteLine();
        Console.WriteLine("| message | by | messages/s | MB/s | CPU s/GB client | server | B allocated a message, client | server | the first to it |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (Comparison comparison in comparisons)
        {
            foreach (Contender contender in contenders)
            {
                Console.WriteLine(comparison.Of(contender) is { } figures
                    ? $"| {comparison.Size:N0} | {contender.Name} | {figures.MessagesPerSecond:N0} | {figures.MegabytesPerSecond:N1} | {figures.ClientCpuSecondsPerGigabyte:N2} | {figures.ServerCpuSecondsPerGigabyte:N2} | {figures.ClientBytesAllocatedPerMessage,0:N0} | {figures.ServerBytesAllocatedPerMessage,0:N0} | {comparison.RatioTo(contender):N2} |"
                    : $"| {comparison.Size:N0} | {contender.Name} | not installed | | | | | | |");
            }
        }
    }
}
