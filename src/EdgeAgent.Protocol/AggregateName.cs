using System.Globalization;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>
/// What a series of aggregates is called:
/// <code>
/// name     := of ":" function ":" window       of: the name of the series that is aggregated
/// function := "min" | "max" | "mean" | "count" | "last" | "failed"
/// window   := number ( "d" | "h" | "m" | "s" )   the largest unit that leaves no rest: 60 s are 1m, 900 s 15m, 90 s 90s
/// </code>
/// The name says no more than <see cref="Aggregate"/> does, which is what counts: a device may well call a series of readings "a:min:1m".
/// </summary>
public static class AggregateName
{
    private static readonly (string Word, AggregateFunction Function)[] Functions =
    [
        ("min", AggregateFunction.Minimum), ("max", AggregateFunction.Maximum), ("mean", AggregateFunction.Mean),
        ("count", AggregateFunction.Count), ("last", AggregateFunction.Last), ("failed", AggregateFunction.Failed),
    ];

    private static readonly (char Letter, uint Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    /// <summary>The name of a series of these aggregates.</summary>
    public static string Of(Aggregate aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        return $"{aggregate.Of}:{FunctionWord(aggregate.Function)}:{WindowWord(aggregate.WindowSeconds)}";
    }

    /// <summary>E.g. <c>min</c>.</summary>
    public static string FunctionWord(AggregateFunction function) =>
        Array.Find(Functions, known => known.Function == function).Word ?? ((int)function).ToString(CultureInfo.InvariantCulture);

    /// <summary>E.g. <c>15m</c>.</summary>
    public static string WindowWord(uint seconds)
    {
        (char letter, uint unit) = Array.Find(Units, known => seconds % known.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / unit}{letter}");
    }
}
