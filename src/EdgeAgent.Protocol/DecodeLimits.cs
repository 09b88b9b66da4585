namespace EdgeAgent.Protocol;

/// <summary>
/// How large a record may be that comes from outside. They bound the memory that one record can take, whatever its bytes claim:
/// with the defaults below about 40 MiB at the very worst and under 1 MiB for what an agent sends.
/// </summary>
public sealed class DecodeLimits
{
    /// <summary>Readings in a record. Default 100,000: ten times the largest batch of an agent in its default configuration.</summary>
    public int MaximumReadings { get; init; } = 100_000;

    /// <summary>Bytes of a batch after decompression. Default 1 MiB: sixteen times the largest batch of an agent in its default configuration.</summary>
    public int MaximumInflatedBytes { get; init; } = 1024 * 1024;

    /// <summary>Series (blocks, and also definitions and time columns) in a record. Default 20,000: twice the series an agent can have at all.</summary>
    public int MaximumSeries { get; init; } = 20_000;

    /// <summary>
    /// UTF-8 bytes of all text values of a record, a repeated text counted each time: a dictionary entry of some kilobytes that every
    /// reading refers to would otherwise become gigabytes in a table. Default 16 MiB.
    /// </summary>
    public int MaximumTextBytes { get; init; } = 16 * 1024 * 1024;
}
