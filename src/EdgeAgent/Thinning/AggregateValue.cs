using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>One entry of a series of aggregates. Where the quality says that there is no value, number and text mean nothing.</summary>
internal readonly record struct AggregateValue(double Number, string? Text, Quality Quality)
{
    /// <summary>What a window says.</summary>
    /// <param name="function">One of <see cref="AggregateFunctions.Of"/>, or <see cref="AggregateFunction.Failed"/>.</param>
    /// <param name="window">The window.</param>
    /// <param name="kind">What the values of its readings are.</param>
    public static AggregateValue Of(AggregateFunction function, in Window window, SeriesKind kind)
    {
        bool hasValues = window.Count > 0;
        return function switch
        {
            AggregateFunction.Count => new(window.Count, null, Quality.Good),
            AggregateFunction.Failed => new(window.Failed, null, Quality.Good),
            AggregateFunction.Last => new(window.Last, window.LastText, hasValues ? window.LastQuality : window.FailedQuality),
            AggregateFunction.Minimum => new(hasValues ? window.Minimum : 0, null, window.Quality),
            AggregateFunction.Maximum => new(hasValues ? window.Maximum : 0, null, window.Quality),
            _ => new(hasValues ? window.Mean(kind) : 0, null, window.Quality),
        };
    }
}
