using System.Globalization;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Spool;

/// <param name="BytesPerSecond">Payload that is produced.</param>
/// <param name="WindowSeconds">One record and one commit for each.</param>
/// <param name="Spool">Bytes handed to the file system for each byte of payload.</param>
/// <param name="System">Bytes that the kernel says it has sent to the disk (write_bytes of /proc/self/io) for each byte of payload.</param>
internal sealed record FlashResult(int BytesPerSecond, int WindowSeconds, double Spool, double? System);

/// <summary>
/// What goes to flash for a byte of payload at a given window, in a spool whose files are all there. Time is not waited for: a window's
/// worth of payload is appended and committed, one after the other.
/// </summary>
internal static class FlashBenchmark
{
    public static async Task<List<FlashResult>> RunAsync(string root)
    {
        Console.WriteLine($"{"payload B/s",12}{"window s",10}{"spool",8}{"system",8}");
        var results = new List<FlashResult>();
        foreach (int bytesPerSecond in (int[])[300, 3000, 30_000])
        {
            foreach (int window in (int[])[1, 5, 60])
            {
                string folder = Path.Combine(root, $"flash-{bytesPerSecond}-{window}");
                await using Spooling.Spool spool = Spooling.Spool.Open(AppendBenchmark.Options(folder, 16 << 20), TimeProvider.System, Guid.NewGuid());
                SpoolQueue live = spool[SpoolLane.Live];
                await AppendBenchmark.AppendAsync(live, new byte[100_000], 16 << 20, 1 << 20);
                live.Release(live.Committed);
                byte[] payload = new byte[(int)Math.Min((long)bytesPerSecond * window, 500_000)];
                Random.Shared.NextBytes(payload);
                int commits = Math.Max(20, Math.Min(1000, 8_000_000 / payload.Length));
                SpoolStatistics before = spool.Statistics;
                long? systemBefore = SystemBytes();
                for (int i = 0; i < commits; i++)
                {
                    live.Append(payload, 1);
                    await live.CommitAsync();
                    live.Release(live.Committed);
                }
                double produced = (double)payload.Length * commits;
                var result = new FlashResult(
                    bytesPerSecond, window, (spool.Statistics.BytesWritten - before.BytesWritten) / produced,
                    (SystemBytes() - systemBefore) / produced);
                results.Add(result);
                Console.WriteLine(FormattableString.Invariant($"{bytesPerSecond,12}{window,10}{result.Spool,8:N2}{result.System,8:N2}"));
            }
        }
        return results;
    }

    private static long? SystemBytes() => File.Exists("/proc/self/io")
        ? long.Parse(
            File.ReadLines("/proc/self/io").First(static line => line.StartsWith("write_bytes:", StringComparison.Ordinal))["write_bytes:".Length..],
            CultureInfo.InvariantCulture)
        : null;
}
