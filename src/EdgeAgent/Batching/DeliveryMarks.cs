using System.Buffers;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using Google.Protobuf;
using Google.Protobuf.Collections;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Batching;

/// <summary>
/// Gathers the marks of the messages whose readings are in an open batch, and writes them behind the batch as edge.v1.Record.deliveries.
/// Because the fields of a protobuf message may simply be put one after the other, what was encoded stays as it is.
/// <code>
/// marks      := deliveries (5) *                                   one for each session that anything came from
/// deliveries := session (1), runs (2): ( distance, following )*, continued (3), interleaved (4), after (5)
/// distance   := first id of the run − last id of the run before, modulo 2^16; of the first run from 0
/// following  := how many ids follow the first, each one higher
/// continued  := the batch closed between two readings of the last message, or they go to several lanes
/// interleaved := another record closes with this one, and holds the messages that came in between
/// after      := the last sequence that the backlog had when this went to the live lane, or the other way round: their order is not lost
/// </code>
/// A broker that numbers upwards costs some fifteen bytes a record, however many messages it holds. Reused; allocates nothing in a steady
/// state.
/// </summary>
internal sealed class DeliveryMarks
{
    /// <summary>Tags, lengths, session and the other lane's tail of one entry.</summary>
    private const int SessionBytes = 33;

    /// <summary>A distance takes at most three bytes, and so does a number of followers.</summary>
    private const int RunBytes = 6;

    private readonly ProtocolRecord _frame = new();
    private readonly List<Entry> _entries = [];
    private int _runs;

    /// <summary>An upper bound of what <see cref="WriteTo"/> writes.</summary>
    public int MaximumBytes => (_entries.Count * SessionBytes) + (_runs * RunBytes);

    /// <summary>A reading of the message joined the batch. All of a message's readings are added before the next one's of the same session.</summary>
    /// <param name="mark">The message.</param>
    /// <param name="isLast">It is the last reading of the message.</param>
    public void Add(DeliveryMark mark, bool isLast)
    {
        if (mark.IsNone)
        {
            return;
        }
        Entry entry = EntryOf(mark.Session);
        entry.Deliveries.Continued = !isLast;
        int distance = (ushort)(mark.PacketId - entry.Last);
        if (distance == 0)
        {
            return;
        }
        RepeatedField<uint> runs = entry.Deliveries.Runs;
        if (distance == 1 && runs.Count > 0)
        {
            runs[runs.Count - 1]++;
        }
        else
        {
            runs.Add((uint)distance);
            runs.Add(0);
            _runs++;
        }
        entry.Last = mark.PacketId;
    }

    /// <summary>Writes the marks of the batch that closes, and begins anew.</summary>
    /// <param name="output">Takes them.</param>
    /// <param name="otherTail">What comes before it in the other of the two lanes; 0 as long as that was never used.</param>
    /// <param name="isInterleaved">Another record closes with this one, and its messages came in between.</param>
    public void WriteTo(IBufferWriter<byte> output, ulong otherTail, bool isInterleaved)
    {
        if (_runs == 0)
        {
            return;
        }
        foreach (Entry entry in _entries)
        {
            if (entry.Deliveries.Runs.Count > 0)
            {
                entry.Deliveries.Interleaved = isInterleaved;
                entry.Deliveries.After = otherTail;
                _frame.Deliveries.Add(entry.Deliveries);
            }
        }
        _frame.WriteTo(output);
        _frame.Deliveries.Clear();
        Clear();
    }

    private void Clear()
    {
        foreach (Entry entry in _entries)
        {
            entry.Deliveries.Runs.Clear();
            entry.Last = 0;
        }
        _runs = 0;
    }

    /// <summary>There are as many sessions as brokers in the configuration: one or two.</summary>
    private Entry EntryOf(uint session)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Deliveries.Session == session)
            {
                return entry;
            }
        }
        var added = new Entry { Deliveries = new Deliveries { Session = session } };
        _entries.Add(added);
        return added;
    }

    private sealed class Entry
    {
        public required Deliveries Deliveries { get; init; }

        public ushort Last { get; set; }
    }
}
