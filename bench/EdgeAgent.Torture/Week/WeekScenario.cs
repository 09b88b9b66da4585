namespace EdgeAgent.Torture.Week;

internal static class WeekScenario
{
    public static Task<int> RunAsync(WeekOptions options, CancellationToken stopping) => Task.FromResult(options.Rate > 0 && !stopping.IsCancellationRequested ? 1 : 2);
}
