using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Processing;

/// <summary>Readings of a window of time become a few numbers: keys <c>window</c>, <c>functions</c>, <c>raw</c> and <c>acknowledge</c> of a rule.</summary>
internal sealed record WindowRule
{
    /// <summary>How long a window is, in whole seconds. Windows begin at multiples of it since 1970, as those of thinning do.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>What is reported of each window, as far as the kind of the readings has it. Default: all.</summary>
    public IReadOnlyList<AggregateFunction> Functions { get; init; } =
        [AggregateFunction.Count, AggregateFunction.Minimum, AggregateFunction.Maximum, AggregateFunction.Mean, AggregateFunction.Last];

    /// <summary>Whether the readings are reported too. Default false: that is what a window is for.</summary>
    public bool IsRawReported { get; init; }

    /// <summary>How often an aggregate may be expected; zero where nobody knows.</summary>
    /// <param name="interval">How often there is a reading; zero where nobody knows.</param>
    public TimeSpan Expect(TimeSpan interval) => interval == TimeSpan.Zero || interval > Length ? interval : Length;

    /// <summary>What an acknowledgement promises whose reading is in a window. Default <see cref="WindowAcknowledgement.Stored"/>.</summary>
    public WindowAcknowledgement Acknowledgement { get; init; }

    /// <summary>Whether both say the same: two lists of the same functions are not the same object.</summary>
    public bool Equals(WindowRule? other) =>
        other is not null
        && (Length, IsRawReported, Acknowledgement) == (other.Length, other.IsRawReported, other.Acknowledgement)
        && Functions.SequenceEqual(other.Functions);

    public override int GetHashCode() => HashCode.Combine(Length, IsRawReported, Acknowledgement, Functions.Count);
}

/// <summary>
/// What it means that a message was acknowledged whose readings go into a window. To wait for the end of the window is no choice: acknowledgements
/// keep their order, so all other messages of the source would wait as well.
/// </summary>
internal enum WindowAcknowledgement
{
    /// <summary>Its readings are stored: they are reported as well, as if raw readings were wanted.</summary>
    Stored,

    /// <summary>Its readings are in the window, which is in memory until it closes: a crash loses what it holds.</summary>
    Window,
}
