using System.Diagnostics;
using EdgeAgent.Spooling;

namespace EdgeAgent.Bench.Spool;

/// <param name="RecordBytes">Of one payload.</param>
/// <param name="RecordsACommit">The window, in records.</param>
/// <param name="SegmentBytes">Of the spool's files.</param>
/// <param name="AppendsPerSecond">Through the spool, committed, each window appended after the commit of the one before.</param>
/// <param name="MegabytesPerSecond">Payload through the spool in that way.</param>
/// <param name="BareMegabytesPerSecond">The same bytes, one write and one fdatasync a window.</param>
/// <param name="Ratio">Of both medians.</param>
/// <param name="OverlappedRatio">The same where a window is appended while the one before is committed, as the agent's batcher does.</param>
internal sealed record AppendResult(
    int RecordBytes, int RecordsACommit, int SegmentBytes, double AppendsPerSecond, double MegabytesPerSecond, double BareMegabytesPerSecond,
    double Ratio, double OverlappedRatio);

/// <summary>Appends and commits beside bare writes and syncs of the same sizes, in turns, as the disk is shared and has its moods.</summary>
internal static class AppendBenchmark
{
    private const int Rounds = 9;
    private const int Segment = 1 << 20;
    private const int LargestSegment = 16 << 20;
    private static readonly (int RecordBytes, int RecordsACommit, int Commits, int SegmentBytes)[] Windows =
    [
        (1024, 1, 200, Segment), (4096, 1, 200, Segment), (65_536, 1, 100, Segment), (128, 512, 100, Segment), (1024, 64, 100, Segment),
        // A window that fills a segment begins one each time, and the folder is synced with it.
        (1024, 1024, 30, Segment), (65_536, 16, 30, Segment), (1024, 1024, 30, LargestSegment), (65_536, 16, 30, LargestSegment),
    ];

    public static async Task<List<AppendResult>> RunAsync(string root)
    {
        Console.WriteLine($"{"record",10}{"a commit",10}{"segment KiB",13}{"appends/s",14}{"MB/s",10}{"bare MB/s",12}{"ratio",8}{"overlapped",12}");
        var results = new List<AppendResult>();
        foreach ((int recordBytes, int recordsACommit, int commits, int segmentBytes) in Windows)
        {
            string folder = Path.Combine(root, $"append-{recordBytes}-{recordsACommit}-{segmentBytes}");
            SpoolOptions options = Options(folder);
            options.SegmentBytes = segmentBytes;
            await using Spooling.Spool spool = Spooling.Spool.Open(options, TimeProvider.System, Guid.NewGuid());
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
            var overlapped = new List<double>();
            var theirs = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                live.Release(live.Committed);
                ours.Add(await MeasureAsync(commits, () => AppendAsync(live, payload, window.Length, window.Length)));
                live.Release(live.Committed);
                overlapped.Add(await MeasureAsync(1, () => AppendOverlappedAsync(live, payload, recordsACommit, commits)));
                theirs.Add(await MeasureAsync(commits, () =>
                {
                    bare.Append(window);
                    bare.Sync();
                    return Task.CompletedTask;
                }));
            }
            double bytes = (double)window.Length * commits;
            (double spoolSeconds, double overlappedSeconds, double bareSeconds) = (Median(ours), Median(overlapped), Median(theirs));
            var result = new AppendResult(
                recordBytes, recordsACommit, segmentBytes, recordsACommit * commits / spoolSeconds, bytes / spoolSeconds / 1e6, bytes / bareSeconds / 1e6,
                bareSeconds / spoolSeconds, bareSeconds / overlappedSeconds);
            results.Add(result);
            Console.WriteLine(FormattableString.Invariant(
                $"{recordBytes,10}{recordsACommit,10}{segmentBytes / 1024,13}{result.AppendsPerSecond,14:N0}{result.MegabytesPerSecond,10:N1}{result.BareMegabytesPerSecond,12:N1}{result.Ratio,8:P0}{result.OverlappedRatio,12:P0}"));
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

    /// <summary>Appends each window while the one before is committed.</summary>
    private static async Task AppendOverlappedAsync(SpoolQueue queue, byte[] payload, int recordsACommit, int commits)
    {
        ValueTask underWay = ValueTask.CompletedTask;
        for (int window = 0; window < commits; window++)
        {
            for (int record = 0; record < recordsACommit; record++)
            {
                queue.Append(payload, 1);
            }
            await underWay;
            underWay = queue.CommitAsync();
        }
        await underWay;
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
