namespace EdgeAgent.Bench.Grpc;

/// <summary>
/// Rounds in turn: ours, bare, peers, and again, so that whatever else the machine does meets all of them alike. A ratio is the median
/// of the ratios within a round.
/// </summary>
internal sealed class Comparison(IReadOnlyList<Contender> contenders, int size)
{
    private readonly Dictionary<Contender, List<Round>> _rounds =
        contenders.Where(contender => contender.Pair is not null).ToDictionary(contender => contender, _ => new List<Round>());

    public int Size => size;

    public async Task RunAsync(int rounds, TimeSpan time)
    {
        // Once unmeasured: connections, and code that is compiled while it runs.
        foreach (Contender contender in _rounds.Keys)
        {
            await contender.Pair!.RunAsync(contender.What, size, time);
        }
        for (int i = 0; i < rounds; i++)
        {
            foreach ((Contender contender, List<Round> done) in _rounds)
            {
                done.Add(await contender.Pair!.RunAsync(contender.What, size, time));
            }
        }
    }

    /// <returns>Null where the contender is not installed.</returns>
    public Figures? Of(Contender contender) =>
        _rounds.TryGetValue(contender, out List<Round>? rounds) ? Figures.Of(contender.Name, size, rounds) : null;

    /// <summary>The first contender's messages a second to those of another.</summary>
    /// <returns>Null where the other is not installed.</returns>
    public double? RatioTo(Contender other) => _rounds.TryGetValue(other, out List<Round>? others)
        ? Figures.Median([.. _rounds[contenders[0]].Zip(others)], pair => pair.First.MessagesPerSecond / pair.Second.MessagesPerSecond)
        : null;
}
