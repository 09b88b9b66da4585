using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>Which aggregates readings have, in the order in which they are written.</summary>
internal static class AggregateFunctions
{
    // The count comes first: a reader needs it for the mean.
    private static readonly AggregateFunction[] Number =
        [AggregateFunction.Count, AggregateFunction.Minimum, AggregateFunction.Maximum, AggregateFunction.Mean, AggregateFunction.Last];

    private static readonly AggregateFunction[] Boolean = [AggregateFunction.Count, AggregateFunction.Mean, AggregateFunction.Last];

    private static readonly AggregateFunction[] Text = [AggregateFunction.Count, AggregateFunction.Last];

    /// <summary>Those that every window has. <see cref="AggregateFunction.Failed"/> comes behind where there is something to say.</summary>
    public static ReadOnlySpan<AggregateFunction> Of(SeriesKind kind) => kind switch
    {
        SeriesKind.Number => Number,
        SeriesKind.Boolean => Boolean,
        _ => Text,
    };

    /// <summary>What the values of an aggregate are.</summary>
    /// <param name="function">The aggregate.</param>
    /// <param name="kind">What the values of the readings are.</param>
    public static SeriesKind KindOf(AggregateFunction function, SeriesKind kind) => function == AggregateFunction.Last ? kind : SeriesKind.Number;

    /// <summary>The unit of an aggregate: counts and shares have none.</summary>
    /// <param name="function">The aggregate.</param>
    /// <param name="kind">What the values of the readings are.</param>
    /// <param name="unit">Theirs.</param>
    public static string UnitOf(AggregateFunction function, SeriesKind kind, string unit)
    {
        bool isCounted = function is AggregateFunction.Count or AggregateFunction.Failed
            || (function == AggregateFunction.Mean && kind == SeriesKind.Boolean);
        return isCounted ? "" : unit;
    }
}
