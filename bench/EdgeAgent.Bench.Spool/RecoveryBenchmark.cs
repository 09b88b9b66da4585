using System.Diagnostics;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Spool;

/// <param name="Mebibytes">On disk.</param>
/// <param name="Files">Segments.</param>
/// <param name="InOrderMilliseconds">To open after an orderly close.</param>
/// <param name="InterruptedMilliseconds">To open where the marks are lost too, the worst that an interruption can do.</param>
internal sealed record RecoveryResult(int Mebibytes, int Files, double InOrderMilliseconds, double InterruptedMilliseconds);

/// <summary>How long the start takes. The pages may still be in memory: a cold card adds the reading of one segment and a page of each other.</summary>
internal static class RecoveryBenchmark
{
    private const int Rounds = 5;

    public static async Task<List<RecoveryResult>> RunAsync(string root)
    {
        Console.WriteLine($"{"MiB",10}{"files",10}{"closed, ms",14}{"interrupted, ms",18}");
        var results = new List<RecoveryResult>();
        foreach (int mebibytes in (int[])[4, 64, 512])
        {
            string folder = Path.Combine(root, $"recovery-{mebibytes}");
            SpoolOptions options = AppendBenchmark.Options(folder, (long)mebibytes << 20);
            await using (Spooling.Spool spool = Spooling.Spool.Open(options, TimeProvider.System, Guid.NewGuid()))
            {
                byte[] payload = new byte[10_000];
                Random.Shared.NextBytes(payload);
                while (spool.Statistics.EvictedSegments == 0)
                {
                    await AppendBenchmark.AppendAsync(spool[SpoolLane.Live], payload, 1 << 20, 1 << 20);
                }
            }
            var inOrder = new List<double>();
            var interrupted = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                inOrder.Add(await OpenAsync(options));
                File.Delete(Path.Combine(folder, "marks"));
                interrupted.Add(await OpenAsync(options));
            }
            int files = Directory.GetFiles(folder, "*.segment").Length;
            var result = new RecoveryResult(mebibytes, files, inOrder.Order().ElementAt(Rounds / 2), interrupted.Order().ElementAt(Rounds / 2));
            results.Add(result);
            Console.WriteLine(FormattableString.Invariant(
                $"{mebibytes,10}{files,10}{result.InOrderMilliseconds,14:N1}{result.InterruptedMilliseconds,18:N1}"));
        }
        return results;
    }

    private static async Task<double> OpenAsync(SpoolOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        Spooling.Spool spool = Spooling.Spool.Open(options, TimeProvider.System, Guid.NewGuid());
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await spool.DisposeAsync();
        return milliseconds;
    }
}
