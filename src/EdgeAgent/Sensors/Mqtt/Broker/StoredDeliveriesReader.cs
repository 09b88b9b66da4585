using EdgeAgent.Batching;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// Finds the deliveries of a session at the end of the spool, where an earlier run left them, also in records that are released but whose segment is
/// still there. Reads no further back than it has to: a busy broker's last messages are in a few records.
/// </summary>
internal static partial class StoredDeliveriesReader
{
    /// <summary>Payload bytes that are looked through at most: four segments, some 20 ms. What lies further back was acknowledged long before.</summary>
    private const int MaximumBytes = 4 << 20;

    /// <summary>Records to look back, one after the other until enough is found.</summary>
    private static readonly int[] Steps = [64, 512, 4_096];

    private static readonly DecodeLimits Limits = new();

    /// <summary>Waits until there is a spool. One that cannot be read gives nothing: messages stored twice are better than none.</summary>
    /// <param name="slot">What is in it of this run from the session was drained by the service before, or is known to <see cref="BrokerSessions"/>.</param>
    /// <param name="session">See <see cref="BrokerSession"/>.</param>
    /// <param name="window">How many messages the broker may have sent ahead of their acknowledgements.</param>
    /// <param name="catalog">To know the series of readings by their names.</param>
    /// <param name="logger">Is told where the spool cannot be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<StoredDeliveries> ReadAsync(
        SpoolSlot slot, uint session, int window, SeriesCatalog catalog, ILogger logger, CancellationToken cancellationToken)
    {
        OpenedSpool? opened = null;
        while (true)
        {
            opened = await slot.NextAsync(opened, cancellationToken).ConfigureAwait(false);
            try
            {
                return Read(opened.Spool, session, window, catalog);
            }
            catch (ObjectDisposedException)
            {
                // Its disk has failed, and it is being opened again.
            }
            catch (IOException unreadable)
            {
                Log.Unreadable(logger, unreadable);
                return new StoredDeliveries(new LaneDeliveries(window), new LaneDeliveries(window), catalog);
            }
        }
    }

    private static StoredDeliveries Read(Spool spool, uint session, int window, SeriesCatalog catalog) =>
        new(
            Gather(Read(spool[SpoolLane.Alarm], session, window), session, window),
            Gather(
                InOrder(Read(spool[SpoolLane.Live], session, window), Read(spool[SpoolLane.Backlog], session, window), session), session, window),
            catalog);

    private static LaneDeliveries Gather(IEnumerable<Marked> records, uint session, int window)
    {
        var found = new LaneDeliveries(window);
        var decoder = new BatchDecoder(Limits);
        foreach (Marked marked in records)
        {
            var readings = new RecordReadings((dictionary, series) => marked.Names.GetValueOrDefault((dictionary, series)));
            if (decoder.TryDecode(marked.Record, readings, out _))
            {
                found.Add(DeliveriesOf(marked.Record, session), readings);
            }
        }
        return found;
    }

    /// <summary>What went by the live lane and by the backlog in turns, as it came: each record says how far the other lane was.</summary>
    private static IEnumerable<Marked> InOrder(IReadOnlyList<Marked> live, IReadOnlyList<Marked> backlog, uint session)
    {
        int late = 0;
        foreach (Marked record in live)
        {
            while (late < backlog.Count && backlog[late].Sequence <= DeliveriesOf(record.Record, session).After)
            {
                yield return backlog[late++];
            }
            yield return record;
        }
        while (late < backlog.Count)
        {
            yield return backlog[late++];
        }
    }

    private static List<Marked> Read(SpoolQueue queue, uint session, int window)
    {
        List<(ulong Sequence, ProtocolRecord Record)> marked = [];
        foreach (int step in Steps)
        {
            ulong from = queue.Committed < (ulong)step ? 1 : queue.Committed - (ulong)step + 1;
            marked = Read(queue, from, session, out long bytes);
            // The next step is eight times as long.
            if (from == 1 || bytes * 8 > MaximumBytes || marked.Sum(each => DeliveriesOf(each.Record, session).Runs.Count / 2) >= window)
            {
                break;
            }
        }
        Dictionary<(ulong Dictionary, uint Series), string> names = Names(queue, marked.ConvertAll(static each => each.Record));
        return marked.ConvertAll(each => new Marked(each.Sequence, each.Record, names));
    }

    /// <summary>The records from a sequence on that hold messages of the session.</summary>
    private static List<(ulong Sequence, ProtocolRecord Record)> Read(SpoolQueue queue, ulong from, uint session, out long bytes)
    {
        var marked = new List<(ulong, ProtocolRecord)>();
        bytes = 0;
        using LookBack back = queue.LookBack(from);
        while (back.TryRead(out SpoolRecord stored))
        {
            bytes += stored.Payload.Length;
            if (TryParse(stored.Payload.Span) is { } record && record.Deliveries.Any(deliveries => deliveries.Session == session))
            {
                marked.Add((stored.Sequence, record));
            }
        }
        return marked;
    }

    /// <summary>What the series of the records are called: the definitions stand in the records from the one on that opened the dictionary.</summary>
    private static Dictionary<(ulong Dictionary, uint Series), string> Names(SpoolQueue queue, List<ProtocolRecord> marked)
    {
        var names = new Dictionary<(ulong Dictionary, uint Series), string>();
        var definitions = new List<SeriesDefinition>();
        HashSet<ulong> wanted = [];
        foreach (ProtocolRecord record in marked)
        {
            if (StoredRecord.TryReadDefinitions(record.ToByteArray(), Limits, out ulong dictionary, definitions))
            {
                wanted.Add(dictionary);
            }
            definitions.Clear();
        }
        if (wanted.Count == 0)
        {
            return names;
        }
        using LookBack back = queue.LookBack(wanted.Min());
        while (back.TryRead(out SpoolRecord stored))
        {
            if (StoredRecord.TryReadDefinitions(stored.Payload.Span, Limits, out ulong dictionary, definitions))
            {
                definitions.ForEach(definition => names[(dictionary, definition.Ref)] = definition.Name);
            }
            definitions.Clear();
        }
        return names;
    }

    private static Deliveries DeliveriesOf(ProtocolRecord record, uint session) => record.Deliveries.First(deliveries => deliveries.Session == session);

    private static ProtocolRecord? TryParse(ReadOnlySpan<byte> stored)
    {
        try
        {
            return ProtocolRecord.Parser.ParseFrom(stored);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private readonly record struct Marked(
        ulong Sequence, ProtocolRecord Record, IReadOnlyDictionary<(ulong Dictionary, uint Series), string> Names);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The end of the spool cannot be read. Messages that the broker sends again because of the restart may be stored twice.")]
        public static partial void Unreadable(ILogger logger, Exception reason);
    }
}
