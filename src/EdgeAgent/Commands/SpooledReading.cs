using System.Globalization;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Commands;

/// <summary>One reading out of the spool, or one entry of a series of aggregates.</summary>
/// <param name="Lane">Where it lies.</param>
/// <param name="Sequence">Of the record that holds it.</param>
/// <param name="Series">What it is of.</param>
/// <param name="UnixNanoseconds">When it was taken.</param>
/// <param name="Number">Of a series of numbers; 0 or 1 of one of booleans.</param>
/// <param name="Text">Of a series of texts.</param>
/// <param name="Quality">From NoResponse on there is no value.</param>
/// <param name="IsProvisional">The clock was not known to be right: the time is corrected later.</param>
internal readonly record struct SpooledReading(
    SpoolLane Lane,
    ulong Sequence,
    SeriesDefinition Series,
    long UnixNanoseconds,
    double Number,
    string? Text,
    Quality Quality,
    bool IsProvisional)
{
    public bool HasValue => Quality < Quality.NoResponse;

    /// <summary>Empty where there is none. Numbers in the shortest form that gives the same number again.</summary>
    public string Value => !HasValue ? ""
        : Series.Kind == SeriesKind.Text ? Text ?? ""
        : Series.Kind == SeriesKind.Boolean ? (Number != 0 ? "true" : "false")
        : Number.ToString("R", CultureInfo.InvariantCulture);

    public string Clock => IsProvisional ? "provisional" : "synchronized";

    public string QualityName => QualityWord.Of(Quality);
}
