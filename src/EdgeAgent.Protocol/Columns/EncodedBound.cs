using System.Text;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;

namespace EdgeAgent.Protocol.Columns;

/// <summary>
/// Upper bounds of what things take in an encoded batch, cheap enough to be summed up reading by reading. All lengths within a batch
/// are taken as five bytes.
/// </summary>
internal static class EncodedBound
{
    /// <summary>readings (6), provisional (2), tag and length of the batch (6), base time (9), dictionary (11), clock (2 + 2 + 18 + 9).</summary>
    public const int Batch = 65;

    /// <summary>
    /// A time column: tag and length (6), count (6), decimals (2), first (11), step (11), deviations (6). A block: tag and length (6), series (6),
    /// times (6), value column (6), exponent (3), delta (2), the three lists of a decimal column (18).
    /// </summary>
    public const int Series = 89;

    /// <summary>A run of qualities: tag and length (2), first (6), count (6), quality (2). Each reading that is not good may begin one.</summary>
    private const int QualityRun = 16;

    /// <summary>What a definition counts as before it was ever seen: a name, a unit and a label of common length.</summary>
    public const int UnseenDefinition = 128;

    /// <remarks>
    /// The interval counts from the series' previous reading, in nanoseconds. Without a step it is the deviation itself, and no step that
    /// is dearer is ever chosen.
    /// </remarks>
    public static int Reading(SeriesKind kind, long interval, string? text, Quality quality) =>
        VarInt.ZigZagLength(interval)
        + (quality == Quality.Good ? 0 : QualityRun)
        + kind switch
        {
            SeriesKind.Number => sizeof(double),
            SeriesKind.Boolean => 1,
            // Its index; tag and length, and the text itself, as though no two were equal.
            _ => 5 + 6 + (text is null ? 0 : Encoding.UTF8.GetByteCount(text)),
        };
}
