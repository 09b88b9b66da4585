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

    /// <summary>Takes a name apart.</summary>
    /// <returns>False where it is not one of aggregates.</returns>
    public static bool TryParse(string name, out Aggregate aggregate)
    {
        ArgumentNullException.ThrowIfNull(name);
        aggregate = new Aggregate();
        int second = name.LastIndexOf(':');
        int first = second > 0 ? name.LastIndexOf(':', second - 1) : -1;
        if (first <= 0 || second + 2 >= name.Length)
        {
            return false;
        }
        string word = name[(first + 1)..second];
        (char _, uint unit) = Array.Find(Units, known => known.Letter == name[^1]);
        if (!uint.TryParse(name.AsSpan(second + 1, name.Length - second - 2), NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
            || count > SeriesDefinitionRules.MaximumWindowSeconds)
        {
            return false;
        }
        aggregate.Function = Array.Find(Functions, known => known.Word == word).Function;
        aggregate.WindowSeconds = count * unit;
        aggregate.Of = name[..first];
        // Also says no to unknown words, and to 60s and 01m, which are other spellings of 1m.
        return name == Of(aggregate) && SeriesDefinitionRules.Violation(aggregate) is null;
    }
}
