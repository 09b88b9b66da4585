using System.Buffers.Binary;

namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// Makes one record of each group: how many records it stands for, and the sum of the numbers in their payloads, so that a test knows
/// that each was read once and in order.
/// <code>
/// payload := magic[4] = "thin" level u8 zero[3] records u64le numbers u64le first u64le last u64le zero*
/// </code>
/// </summary>
internal sealed class SummingThinner(int recordsAGroup = 100, int padding = 0) : ISpoolThinner
{
    private const int Bytes = 40;

    public int Levels { get; init; } = 2;

    /// <summary>Called with each run before it is read.</summary>
    public Action<ThinningRun> Before { get; set; } = static _ => { };

    public static bool TryParse(ReadOnlySpan<byte> payload, out Summary summary)
    {
        summary = default;
        if (payload.Length < Bytes || !payload.StartsWith("thin"u8))
        {
            return false;
        }
        summary = new Summary(
            payload[4],
            BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[32..]));
        return true;
    }

    public void Thin(ThinningRun run)
    {
        Before(run);
        Summary group = default;
        int records = 0;
        while (run.TryRead(out SpoolRecord record))
        {
            Summary one = run.Level > 1 && TryParse(record.Payload.Span, out Summary parsed)
                ? parsed
                : new Summary(0, 1, BinaryPrimitives.ReadUInt64LittleEndian(record.Payload.Span), record.Sequence, record.Sequence);
            group = new Summary(
                run.Level, group.Records + one.Records, group.Numbers + one.Numbers, records == 0 ? one.First : group.First, one.Last);
            if (++records == recordsAGroup)
            {
                if (!Append(run, group))
                {
                    return;
                }
                (group, records) = (default, 0);
            }
        }
        if (records > 0)
        {
            Append(run, group);
        }
    }

    private bool Append(ThinningRun run, in Summary group)
    {
        Span<byte> payload = new byte[Bytes + padding];
        "thin"u8.CopyTo(payload);
        payload[4] = (byte)group.Level;
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], group.Records);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], group.Numbers);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[24..], group.First);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[32..], group.Last);
        return run.TryAppend(payload, 0);
    }

    internal readonly record struct Summary(int Level, ulong Records, ulong Numbers, ulong First, ulong Last);
}
