using EdgeAgent.Batching;
using EdgeAgent.Protocol;
using EdgeAgent.Uplink;

namespace EdgeAgent.Configuration;

/// <summary>Section <c>batch</c>.</summary>
internal static class BatchOptionsReader
{
    private const long KiB = 1024, MiB = 1024 * KiB;

    public static BatchOptions Read(ConfigSection root, LineProfile profile)
    {
        ConfigSection section = root.Section("batch");
        var standard = new BatchOptions(profile);
        TimeSpan millisecond = TimeSpan.FromMilliseconds(1), second = TimeSpan.FromSeconds(1);
        return new BatchOptions
        {
            MaximumReadings = section.Integer("maximumReadings", standard.MaximumReadings, 1, 100_000),
            MaximumBytes = (int)section.Size("maximumBytes", standard.MaximumBytes, KiB, MiB),
            MaximumAge = section.Time("maximumAge", standard.MaximumAge, 10 * millisecond, TimeSpan.FromDays(1)),
            AcknowledgeSettle = section.Time("acknowledgeSettle", standard.AcknowledgeSettle, TimeSpan.Zero, second),
            AcknowledgeWithin = section.Time("acknowledgeWithin", standard.AcknowledgeWithin, millisecond, 60 * second),
            Compression = section.Choice(
                "compression", standard.Compression, ("none", BatchCompression.None), ("gzip", BatchCompression.Gzip), ("brotli", BatchCompression.Brotli)),
        };
    }
}
