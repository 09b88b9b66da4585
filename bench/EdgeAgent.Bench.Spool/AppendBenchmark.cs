using System.Diagnostics;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Spool;

/// <param name="RecordBytes">Of one payload.</param>
/// <param name="RecordsACommit">The window, in records.</param>
/// <param name="AppendsPerSecond">Through the spool, committed.</param>
/// <param name="MegabytesPerSecond">Payload through the spool.</param>
/// <param name="BareMegabytesPerSecond">The same bytes, one write and one fdatasync a window.</param>
/// <param name="Ratio">Of both medians.</param>
internal sealed record AppendResult(
    int RecordBytes, int RecordsACommit, double AppendsPerSecond, double MegabytesPerSecond, double BareMegabytesPerSecond, double Ratio);

/// <summary>Appends and commits beside bare writes and syncs of the same sizes, in turns, as the disk is shared and has its moods.</summary>
internal static class AppendBenchmark
{
    private const int Rounds = 9;
    private static readonly (int RecordBytes, int RecordsACommit, int Commits)[] Windows =
    [
        (1024, 1, 200), (4096, 1, 200), (65_536, 1, 100), (128, 512, 100), (1024, 64, 100), (1024, 1024, 30), (65_536, 16, 30),
    ];

    public static async Task<List<AppendResult>> RunAsync(string root)
    {
        Console.WriteLine($"{"record",10}{"a commit",10}{"appends/s",14}{"MB/s",10}{"bare MB/s",12}{"ratio",8}");
        var results = new List<AppendResult>();
        foreach ((int recordBytes, int recordsACommit, int commits) in Windows)
        {
            string folder = Path.Combine(root, $"append-{recordBytes}-{recordsACommit}");
            await using Spooling.Spool spool = Spooling.Spool.Open(Options(folder), TimeProvider.System, Guid.NewGuid());
            using var bare = new BareFile(folder + ".bare", 64 << 20);
            SpoolQueue live = spool[SpoolLane.Live];
            byte[] payload = new byte[recordBytes];
            Random.Shared.NextBytes(payload);
            byte[] window = new byte[recordBytes * recordsACommit];
            Random.Shared.NextBytes(window);
            // The files are there from the start, as in a spool that has run for a day.
            await AppendAsync(live, payload, 64 << 20, 1 << 20);
            live.Release(live.Committed);
            var ours = new List<double>();
            var theirs = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                live.Release(live.Committed);
                ours.Add(await MeasureAsync(commits, () => AppendAsync(live, payload, window.Length, window.Length)));
                theirs.Add(await MeasureAsync(commits, () =>
                {
                    bare.Append(window);
                    bare.Sync();
                    return Task.CompletedTask;
                }));
            }
            double bytes = (double)window.Length * commits;
            (double spoolSeconds, double bareSeconds) = (Median(ours), Median(theirs));
            var result = new AppendResult(
                recordBytes, recordsACommit, recordsACommit * commits / spoolSeconds, bytes / spoolSeconds / 1e6, bytes / bareSeconds / 1e6,
                bareSeconds / spoolSeconds);
            results.Add(result);
            Console.WriteLine(FormattableString.Invariant(
                $"{recordBytes,10}{recordsACommit,10}{result.AppendsPerSecond,14:N0}{result.MegabytesPerSecond,10:N1}{result.BareMegabytesPerSecond,12:N1}{result.Ratio,8:P0}"));
        }
        return results;
    }

    public static SpoolOptions Options(string folder, long maximumBytes = 128 << 20) => new()
    {
        Path = folder,
        MaximumBytes = maximumBytes,
        FreeSpaceFloor = 0,
        CommitWindow = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Appends as many bytes, with a commit after each window.</summary>
    public static async Task AppendAsync(SpoolQueue queue, byte[] payload, long bytes, int window)
    {
        int uncommitted = 0;
        for (long at = 0; at < bytes; at += payload.Length)
        {
            queue.Append(payload, 1);
            uncommitted += payload.Length;
            if (uncommitted >= window)
            {
                await queue.CommitAsync();
                uncommitted = 0;
            }
        }
        await queue.CommitAsync();
    }

    private static async Task<double> MeasureAsync(int times, Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            await work();
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
