using System.Globalization;
using EdgeAgent.Readings;

namespace EdgeAgent.Bench.Sampling;

/// <summary>One load, warmed up and then watched.</summary>
internal static class Measurement
{
    /// <summary>Two minutes at 1 kHz.</summary>
    public const int MostInstants = 120_000;

    private const int WarmUpSeconds = 3;

    public static void Run(string name, int seconds, ILoad load)
    {
        var channel = new ReadingChannel();
        // Its memory grows with what it holds: to all it can hold before anything is counted.
        while (channel.TryWrite(default))
        {
        }
        Empty(channel);
        load.Start(channel);
        Drain(channel, WarmUpSeconds);
        load.Fast?.Forget();
        Dictionary<string, long> before = WakeUps();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);

        long readings = Drain(channel, seconds);

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        processor = Environment.CpuUsage.TotalTime - processor;
        // Of a thread that ended meanwhile nothing is known; threads of an earlier load may do so.
        long wakeUps = WakeUps().Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));
        string jitter = load.Fast?.Jitter() is { Length: > 0 } off
            ? string.Create(CultureInfo.InvariantCulture, $"{off[off.Length / 2],14:F0}{off[off.Length * 99 / 100],8:F0}{off[^1],9:F0}")
            : "";
        string each = readings == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(double)allocated / readings:F1}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-46}{(double)readings / seconds,11:F0}{(double)wakeUps / seconds,11:F1}{processor.TotalMilliseconds / seconds,10:F2}{each,10}{jitter}"));
        load.Dispose();
    }

    /// <summary>Once a second, which is the one wake-up that is not the load's.</summary>
    private static long Drain(ReadingChannel channel, int seconds)
    {
        long readings = 0;
        for (int i = 0; i < seconds; i++)
        {
            Thread.Sleep(TimeSpan.FromSeconds(1));
            readings += Empty(channel);
        }
        return readings;
    }

    private static long Empty(ReadingChannel channel)
    {
        long readings = 0;
        while (channel.Reader.TryRead(out _))
        {
            readings++;
        }
        return readings;
    }

    /// <summary>Of each thread that is there.</summary>
    private static Dictionary<string, long> WakeUps()
    {
        var counts = new Dictionary<string, long>();
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            foreach (string line in File.ReadLines(Path.Combine(thread, "status")))
            {
                if (line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                {
                    counts[thread] = long.Parse(line.AsSpan(line.IndexOf('\t') + 1), CultureInfo.InvariantCulture);
                }
            }
        }
        return counts;
    }
}
