using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Torture.Config.Identity;

namespace EdgeAgent.Torture.Config;

/// <summary>Runs the cases of identity and configuration, each on a site of its own, and counts after which of them the device was reachable and on a good configuration.</summary>
internal static class ConfigScenario
{
    /// <summary>Each case is a program or two and a service; trials have limits, and a machine that is too busy would be the fault of the revision.</summary>
    private const int AtOnce = 2;

    public static async Task<int> RunAsync(ConfigOptions options, CancellationToken stopping)
    {
        TortureCase[] all =
        [
            .. ((TortureCase[])[.. PlaceCases.All, .. ContentCases.All, .. CrashCases.All, .. KilledCases.All, .. FleetCases.All, .. IdentityCases.All])
                .Where(each => options.Cases.Count == 0 || options.Cases.Any(part => each.Name.Contains(part, StringComparison.OrdinalIgnoreCase))),
        ];
        long started = Stopwatch.GetTimestamp();
        var results = new List<CaseResult>();
        var printing = new Lock();
        // Whoever interrupts gets the verdict on what was done.
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (each, _) =>
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }
            long begun = Stopwatch.GetTimestamp();
            CaseResult result = await RunAsync(each, stopping);
            lock (printing)
            {
                results.Add(result);
                string verdict = !result.IsReachable ? "unreachable" : !result.IsRecovered ? "not recovered" : "recovered";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{verdict,-14}{Stopwatch.GetElapsedTime(begun).TotalSeconds,6:F1} s  {each.Name}: {result.Detail}"));
            }
        });
        return Tell(results, Stopwatch.GetElapsedTime(started), options);
    }

    private static async Task<CaseResult> RunAsync(TortureCase each, CancellationToken stopping)
    {
        try
        {
            return await each.RunAsync(stopping);
        }
        catch (Exception failure)
        {
            // Whatever it is: nothing was heard of the device that would speak against it being lost.
            return new CaseResult(false, false, 0, 0, failure.Message);
        }
    }

    private static int Tell(List<CaseResult> results, TimeSpan time, ConfigOptions options)
    {
        int recovered = results.Count(result => result is { IsReachable: true, IsRecovered: true });
        (string Name, object Value)[] figures =
        [
            ("cases", results.Count), ("recovered", recovered), ("unreachable", results.Count(result => !result.IsReachable)),
            ("lost", results.Sum(result => result.Lost)), ("duplicated", results.Sum(result => result.Duplicated)), ("seconds", Math.Round(time.TotalSeconds, 1)),
        ];
        Console.WriteLine(options.IsJson
            ? JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Value))
            : string.Join('\n', figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-20}{figure.Value,12}"))));
        return results.Count > 0 && recovered == results.Count && results.Sum(result => result.Lost + result.Duplicated) == 0 ? 0 : 1;
    }
}
