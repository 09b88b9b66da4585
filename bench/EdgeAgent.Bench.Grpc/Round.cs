namespace EdgeAgent.Bench.Grpc;

/// <summary>What one contender did in one round.</summary>
internal sealed record Round(Sent Client, Usage Server)
{
    public double MessagesPerSecond => Client.Messages / Client.Seconds;
}

/// <summary>The median round of one contender at one size, number by number.</summary>
internal sealed record Figures(
    string Contender,
    int Size,
    double MessagesPerSecond,
    double MegabytesPerSecond,
    double ClientCpuSecondsPerGigabyte,
    double ServerCpuSecondsPerGigabyte,
    double? ClientBytesAllocatedPerMessage,
    double? ServerBytesAllocatedPerMessage)
{
    public static Figures Of(string contender, int size, IReadOnlyList<Round> rounds) => new(
        contender,
        size,
        Median(rounds, round => round.MessagesPerSecond),
        Median(rounds, round => round.Client.Bytes / 1e6 / round.Client.Seconds),
        Median(rounds, round => round.Client.Cpu / (round.Client.Bytes / 1e9)),
        Median(rounds, round => round.Server.Cpu / (round.Client.Bytes / 1e9)),
        rounds[0].Client.Allocated is null ? null : Median(rounds, round => (double)round.Client.Allocated!.Value / round.Client.Messages),
        rounds[0].Server.Allocated is null ? null : Median(rounds, round => (double)round.Server.Allocated!.Value / round.Client.Messages));

    public static double Median<T>(IReadOnlyList<T> items, Func<T, double> number)
    {
        double[] sorted = [.. items.Select(number).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
