using System.Text.Json;
using EdgeAgent.Bench.Spool;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Spool [-- [--json] [FOLDER]]
// What the spool costs beside the bare system calls, how long it takes to open, and what it writes. FOLDER (default: the temporary
// folder) decides which disk is measured. With --json the last line is one object with all of it.
bool json = args.Contains("--json");
string root = Path.Combine(args.FirstOrDefault(static arg => !arg.StartsWith('-')) ?? Path.GetTempPath(), $"edge-agent-bench-{Guid.NewGuid():N}");
Directory.CreateDirectory(root);
try
{
    List<AppendResult> appends = await AppendBenchmark.RunAsync(root);
    List<RecoveryResult> recovery = await RecoveryBenchmark.RunAsync(root);
    List<FlashResult> flash = await FlashBenchmark.RunAsync(root);
    if (json)
    {
        Console.WriteLine(JsonSerializer.Serialize(new { appends, recovery, flash }));
    }
}
finally
{
    Directory.Delete(root, recursive: true);
}
