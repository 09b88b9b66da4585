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
    private const int OfflineOnlySeeds = 100;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    [Fact]
    public Task Through_any_fault_and_interruption_appended_is_readable_plus_released_plus_told_as_lost() => RunAsync(
        isOfflineOnly: false, ["power cut", "kill", "broken", "Thinned", "Evicted", "Refused", "DiskFull", "Corrupt", "release"]);

    [Fact]
    public Task Where_memory_may_hold_records_no_sequence_is_given_twice_nothing_secured_is_lost_and_the_ledger_adds_up() => RunAsync(
        isOfflineOnly: true,
        ["power cut", "kill", "Thinned", "Evicted", "Refused", "DiskFull", "Unwritten", "release", "held", "written", "kept in memory", "time"]);

    private async Task RunAsync(bool isOfflineOnly, string[] expected)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("EDGEAGENT_SEED"), out int only))
        {
            await RunAsync(only, isOfflineOnly, []);
            return;
        }
        var seen = new Dictionary<string, long>();
        int seed = 0;
        for (; seed < (isOfflineOnly ? OfflineOnlySeeds : Seeds); seed++)
        {
            await RunAsync(seed, isOfflineOnly, seen);
        }
        if (Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1")
        {
            int first = Random.Shared.Next(1_000_000, int.MaxValue / 2);
            output.WriteLine($"From seed {first} on.");
            long start = Stopwatch.GetTimestamp();
            for (seed = first; Stopwatch.GetElapsedTime(start) < Long; seed++)
            {
                await RunAsync(seed, isOfflineOnly, seen);
            }
            output.WriteLine($"To seed {seed}.");
        }
        output.WriteLine(string.Join(", ", seen.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}")));
        // A model in which nothing happens proves nothing.
        foreach (string what in expected)
        {
            Assert.True(seen.GetValueOrDefault(what) > 0, $"Not once: {what}.");
        }
    }

    private async Task RunAsync(int seed, bool isOfflineOnly, Dictionary<string, long> seen)
    {
        var run = new ModelRun(seed, isOfflineOnly);
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
