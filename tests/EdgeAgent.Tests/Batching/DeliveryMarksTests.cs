using System.Buffers;
using EdgeAgent.Batching;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Batching;

/// <summary>The names of messages in the records that hold their readings.</summary>
public sealed class DeliveryMarksTests
{
    private const uint Session = 0x04030201;

    private readonly DeliveryMarks _marks = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    [Fact]
    public void Ids_are_written_as_runs_behind_the_session()
    {
        Add(Session, 7, 8, 9, 12);

        _marks.WriteTo(_bytes, 0, isInterleaved: false);

        // deliveries (5), 11 bytes: session (1) as fixed32, runs (2): 7 +2, 3 +0.
        Assert.Equal([0x2A, 11, 0x0D, 1, 2, 3, 4, 0x12, 4, 7, 2, 3, 0], _bytes.WrittenSpan.ToArray());
    }

    [Fact]
    public void Ids_that_begin_anew_and_ids_in_any_order_are_kept()
    {
        Add(Session, 65534, 65535, 1, 2, 500, 499, 65000);

        Assert.Equal([65534, 65535, 1, 2, 500, 499, 65000], Ids(Written().Deliveries.Single()));
    }

    [Fact]
    public void Each_session_has_its_own()
    {
        Add(Session, 1);
        Add(99, 40_000);
        Add(Session, 2);

        ProtocolRecord record = Written();

        Assert.Equal([(Session, 2), (99, 1)], record.Deliveries.Select(deliveries => (deliveries.Session, Ids(deliveries).Count)));
    }

    [Fact]
    public void Several_readings_of_a_message_name_it_once_and_say_whether_more_of_it_follows_elsewhere()
    {
        _marks.Add(new DeliveryMark(Session, 1), isLast: false);
        _marks.Add(new DeliveryMark(Session, 1), isLast: true);
        Assert.False(Written().Deliveries.Single().Continued);

        _marks.Add(new DeliveryMark(Session, 2), isLast: false);
        Deliveries open = Written().Deliveries.Single();
        Assert.True(open.Continued);
        Assert.Equal([2], Ids(open));
    }

    [Fact]
    public void What_carries_no_mark_writes_nothing()
    {
        _marks.Add(default, isLast: false);

        _marks.WriteTo(_bytes, 0, isInterleaved: false);

        Assert.Equal(0, _bytes.WrittenCount);
        Assert.Equal(0, _marks.MaximumBytes);
    }

    [Fact]
    public void A_thousand_messages_of_a_broker_that_numbers_upwards_cost_fifteen_bytes_together()
    {
        Add(Session, [.. Enumerable.Range(1_000, 1_000).Select(id => (ushort)id)]);

        int bound = _marks.MaximumBytes;
        _marks.WriteTo(_bytes, 0, isInterleaved: false);

        Assert.InRange(_bytes.WrittenCount, 1, 15);
        Assert.InRange(_bytes.WrittenCount, 1, bound);
    }

    [Fact]
    public void The_bound_holds_for_ids_without_any_order()
    {
        var random = new Random(1);
        Add(Session, [.. Enumerable.Range(0, 3_000).Select(_ => (ushort)random.Next(1, 65_536))]);
        int bound = _marks.MaximumBytes;

        _marks.WriteTo(_bytes, 0, isInterleaved: false);

        Assert.InRange(_bytes.WrittenCount, 1, bound);
    }

    [Fact]
    public void In_a_steady_state_nothing_is_allocated()
    {
        void Round()
        {
            for (ushort id = 1; id < 2_000; id += 2)
            {
                _marks.Add(new DeliveryMark(Session, id), isLast: true);
                _marks.Add(new DeliveryMark(99, id), isLast: true);
            }
            _bytes.ResetWrittenCount();
            _marks.WriteTo(_bytes, 0, isInterleaved: false);
        }
        for (int i = 0; i < 50; i++)
        {
            Round();
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            Round();
        }

        // A write context is all that a batch may cost, and a message nothing.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 200);
    }

    [Fact]
    public async Task A_record_names_the_messages_whose_readings_it_holds_in_each_lane()
    {
        await using Pipeline pipeline = await new Pipeline().StartAsync();
        Series live = pipeline.Series("live"), alarm = pipeline.Series("alarm", SpoolLane.Alarm);

        await pipeline.Channel.WriteAsync(Marked(live, 1, 5), CancellationToken.None);
        await pipeline.Channel.WriteAsync(Marked(alarm, 2, 6).Settling(new Delivery(pipeline.Publisher, 1)), CancellationToken.None);
        await pipeline.Publisher.WaitForAsync(1);

        Assert.Equal([5], Ids(ReadFirst(pipeline.Slot.Current.Spool, SpoolLane.Live).Deliveries.Single()));
        Assert.Equal([6], Ids(ReadFirst(pipeline.Slot.Current.Spool, SpoolLane.Alarm).Deliveries.Single()));
    }

    [Fact]
    public async Task A_batch_that_is_written_again_after_the_disk_failed_still_names_its_messages()
    {
        await using Pipeline pipeline = await new Pipeline().StartAsync();
        Series series = pipeline.Series("s");
        Directory.Delete(pipeline.Folder["spool"], recursive: true);
        var random = new Random(1);
        // Enough for the segment that is still open and for one that cannot be made.
        for (int i = 0; i < 200_000; i++)
        {
            await pipeline.WriteAsync(series, random.NextDouble());
        }
        await pipeline.Channel.WriteAsync(Marked(series, 1, 5).Settling(new Delivery(pipeline.Publisher, 1)), CancellationToken.None);
        await pipeline.Publisher.WaitForAsync(1);

        Assert.True(pipeline.Metrics.SpoolFailures.Value >= 1);
        using LookBack back = pipeline.Slot.Current.Spool[SpoolLane.Live].LookBack(1);
        var named = new List<ushort>();
        while (back.TryRead(out SpoolRecord record))
        {
            named.AddRange(ProtocolRecord.Parser.ParseFrom(record.Payload.Span).Deliveries.SelectMany(Ids));
        }
        Assert.Equal([5], named);
    }

    private static Reading Marked(Series series, double value, ushort id) => Reading.OfNumber(series.Id, 0, value).Marked(new DeliveryMark(Session, id));

    private static ProtocolRecord ReadFirst(Spool spool, SpoolLane lane)
    {
        using SpoolReader reader = spool[lane].OpenReader(1);
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
        return ProtocolRecord.Parser.ParseFrom(record.Payload.Span);
    }

    private void Add(uint session, params ushort[] ids)
    {
        foreach (ushort id in ids)
        {
            _marks.Add(new DeliveryMark(session, id), isLast: true);
        }
    }

    private ProtocolRecord Written()
    {
        _bytes.ResetWrittenCount();
        _marks.WriteTo(_bytes, 0, isInterleaved: false);
        return ProtocolRecord.Parser.ParseFrom(_bytes.WrittenSpan);
    }

    private static List<ushort> Ids(Deliveries deliveries)
    {
        var ids = new List<ushort>();
        int at = 0;
        for (int run = 0; run < deliveries.Runs.Count; run += 2)
        {
            at += (int)deliveries.Runs[run];
            ids.AddRange(Enumerable.Range(at, (int)deliveries.Runs[run + 1] + 1).Select(id => (ushort)id));
            at += (int)deliveries.Runs[run + 1];
        }
        return ids;
    }
}
