using System.Diagnostics;
using Xunit.Abstractions;

namespace EdgeAgent.Spooling.Tests.Model;

/// <summary>
/// Random work against a list in memory. <c>EDGEAGENT_LONG=1</c> goes on for minutes with seeds of its own; <c>EDGEAGENT_SEED=n</c> runs
/// one seed only.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Seeds = 200;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Through_any_fault_and_interruption_appended_is_readable_plus_released_plus_told_as_lost()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("EDGEAGENT_SEED"), out int only))
        {
            await RunAsync(only, []);
            return;
        }
        var seen = new Dictionary<string, long>();
        int seed = 0;
        for (; seed < Seeds; seed++)
        {
            await RunAsync(seed, seen);
        }
        if (Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1")
        {
            int first = Random.Shared.Next(1_000_000, int.MaxValue / 2);
            output.WriteLine($"From seed {first} on.");
            long start = Stopwatch.GetTimestamp();
            for (seed = first; Stopwatch.GetElapsedTime(start) < Long; seed++)
            {
                await RunAsync(seed, seen);
            }
            output.WriteLine($"To seed {seed}.");
        }
        output.WriteLine(string.Join(", ", seen.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}")));
        // A model in which nothing happens proves nothing.
        foreach (string what in (string[])["power cut", "kill", "broken", "Thinned", "Evicted", "Refused", "DiskFull", "Corrupt", "release"])
        {
            Assert.True(seen.GetValueOrDefault(what) > 0, $"Not once: {what}.");
        }
    }

    private async Task RunAsync(int seed, Dictionary<string, long> seen)
    {
        var run = new ModelRun(seed);
        try
        {
            await run.RunAsync(lives: 6);
        }
        catch (Exception failed)
        {
            output.WriteLine(string.Join(Environment.NewLine, run.Steps.TakeLast(60)));
            Assert.Fail($"EDGEAGENT_SEED={seed}: {failed}");
        }
        foreach ((string what, long count) in run.Seen)
        {
            seen[what] = seen.GetValueOrDefault(what) + count;
        }
    }
}
