using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Processing;

/// <summary>Takes what is reported.</summary>
internal interface IReadingSink
{
    /// <param name="reading">As it is to be stored.</param>
    /// <param name="series">Its series.</param>
    /// <param name="lane">That of the series, or the alarm lane.</param>
    /// <param name="now">On a clock that only counts.</param>
    void Add(in Reading reading, Series series, SpoolLane lane, TimeSpan now);
}
