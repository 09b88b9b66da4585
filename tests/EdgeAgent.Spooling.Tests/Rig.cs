using System.Buffers.Binary;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests;

/// <summary>A spool on a simulated folder, and the records that the tests put through it: each payload says which record it is.</summary>
internal static class Rig
{
    public static readonly Guid Boot = new("b0070000-0000-0000-0000-000000000001");
    public static readonly Guid NextBoot = new("b0070000-0000-0000-0000-000000000002");

    /// <summary>Small segments, and no commit that a test has not asked for.</summary>
    public static SpoolOptions Options(long maximumBytes = 4 << 20) => new()
    {
        Path = "simulated",
        MaximumBytes = maximumBytes,
        SegmentBytes = 256 * 1024,
        FreeSpaceFloor = 0,
        CommitWindow = Timeout.InfiniteTimeSpan,
    };

    /// <summary>An eighth of the smallest sizes that are allowed: what is done thousands of times takes an eighth of the time.</summary>
    public static SpoolOptions SmallOptions()
    {
        SpoolOptions options = Options();
        options.SegmentBytes = 32 * 1024;
        options.MaximumBytes = (16 * options.SegmentBytes) + (72 * 1024);
        return options;
    }

    public static Spool Open(SimulatedFiles files, Guid? boot = null, SpoolOptions? options = null, TimeProvider? time = null) =>
        Spool.Open(files, options ?? Options(), time ?? new ManualTimeProvider(), boot ?? Boot);

    /// <summary>A payload that names its number and fills the rest with a pattern of it.</summary>
    public static byte[] Payload(ulong number, int bytes = 100)
    {
        byte[] payload = new byte[Math.Max(bytes, 8)];
        new Random((int)number).NextBytes(payload);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, number);
        return payload;
    }

    /// <summary>
    /// Appends records whose payload names their sequence; each holds as many items as the last digit of the sequence, plus one.
    /// </summary>
    public static void Append(SpoolQueue queue, int count, int bytes = 100)
    {
        for (int i = 0; i < count; i++)
        {
            ulong sequence = queue.Tail + 1;
            Assert.Equal(sequence, queue.Append(Payload(sequence, bytes), ItemsOf(sequence)));
        }
    }

    public static uint ItemsOf(ulong sequence) => (uint)(sequence % 10) + 1;

    public static ulong ItemsOf(ulong from, ulong to)
    {
        ulong sum = 0;
        for (ulong sequence = from; sequence <= to; sequence++)
        {
            sum += ItemsOf(sequence);
        }
        return sum;
    }

    /// <summary>
    /// Reads everything, and asserts that the sequences are contiguous from the start to Committed, and that each payload is the one
    /// that was appended under its sequence.
    /// </summary>
    public static (List<ulong> Records, List<SpoolGap> Gaps) ReadAll(SpoolQueue queue, ulong? from = null, int bytes = 100)
    {
        ulong expected = from ?? queue.Released + 1;
        var records = new List<ulong>();
        var gaps = new List<SpoolGap>();
        using SpoolReader reader = queue.OpenReader(expected);
        while (true)
        {
            switch (reader.Read(out SpoolRecord record))
            {
                case ReadResult.Record:
                    Assert.Equal(expected, record.Sequence);
                    Assert.Equal(ItemsOf(expected), record.Items);
                    Assert.True(record.Payload.Span.SequenceEqual(Payload(expected, bytes)), $"Record {expected} holds another payload.");
                    records.Add(expected);
                    expected = record.Sequence + 1;
                    break;
                case ReadResult.Gap:
                    Assert.Equal(expected, reader.Gap.From);
                    Assert.True(reader.Gap.To >= reader.Gap.From);
                    gaps.Add(reader.Gap);
                    expected = reader.Gap.To + 1;
                    break;
                default:
                    Assert.Equal(queue.Committed + 1, expected);
                    return (records, gaps);
            }
        }
    }

    public static ulong[] Range(ulong from, ulong to)
    {
        ulong[] range = new ulong[to - from + 1];
        for (int i = 0; i < range.Length; i++)
        {
            range[i] = from + (ulong)i;
        }
        return range;
    }
}
