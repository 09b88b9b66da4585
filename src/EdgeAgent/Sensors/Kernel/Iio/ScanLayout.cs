namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>A channel of a record.</summary>
/// <param name="Name">As in in_NAME_en.</param>
/// <param name="Element">How it is stored.</param>
/// <param name="Offset">Where it begins in the record, in bytes.</param>
internal sealed record ScanChannel(string Name, ScanElement Element, int Offset);

/// <summary>
/// A record of the kernel's buffer: the enabled channels in the order of their indices, each at the next multiple of its own size, the whole a
/// multiple of the largest one. The timestamp is a channel like any other: 8 bytes, nanoseconds, the last.
/// </summary>
internal sealed class ScanLayout
{
    public const string Timestamp = "timestamp";

    private ScanLayout(IReadOnlyList<ScanChannel> channels, ScanChannel timestamp, int recordBytes) =>
        (Channels, TimestampChannel, RecordBytes) = (channels, timestamp, recordBytes);

    /// <summary>All but the timestamp.</summary>
    public IReadOnlyList<ScanChannel> Channels { get; }

    public ScanChannel TimestampChannel { get; }

    public int RecordBytes { get; }

    /// <param name="elements">What is enabled, with the index of each.</param>
    /// <returns>Null where there is no timestamp, or nothing else.</returns>
    public static ScanLayout? Of(IEnumerable<(string Name, int Index, ScanElement Element)> elements)
    {
        var channels = new List<ScanChannel>();
        int offset = 0, largest = 1;
        foreach ((string name, _, ScanElement element) in elements.OrderBy(element => element.Index))
        {
            offset = RoundUp(offset, element.StorageBytes);
            channels.Add(new ScanChannel(name, element, offset));
            offset += element.StorageBytes;
            largest = Math.Max(largest, element.StorageBytes);
        }
        ScanChannel? timestamp = channels.Find(channel => channel.Name == Timestamp);
        return timestamp is null || channels.Count < 2
            ? null
            : new ScanLayout([.. channels.Where(channel => channel != timestamp)], timestamp, RoundUp(offset, largest));
    }

    public static long Decode(ScanChannel channel, ReadOnlySpan<byte> record) => channel.Element.Decode(record.Slice(channel.Offset, channel.Element.StorageBytes));

    private static int RoundUp(int offset, int size) => (offset + size - 1) / size * size;
}
