using EdgeAgent.Batching;
using EdgeAgent.Processing;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Batching;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>
/// An earlier run made messages durable and died before the broker learnt of it; the broker sends them again. The spool is real, and what is in
/// it was written by the real batcher.
/// </summary>
public sealed class RedeliveryTests : IDisposable
{
    private const string ClientId = "cabinet-7";
    private const long Time = 1_767_225_600_000_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedBroker _broker = new();

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_an_earlier_run_stored_is_acknowledged_and_not_taken_again()
    {
        await StoreAsync((1, "t/a", 1), (2, "t/b", 2), (3, "t/a", 3));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(2, "t/b", "2", isDuplicate: true);
        await _broker.PublishAsync(3, "t/a", "3", isDuplicate: true);
        Assert.Equal(2, await _broker.AcknowledgedAsync());
        Assert.Equal(3, await _broker.AcknowledgedAsync());
        await _broker.PublishAsync(4, "t/a", "4");

        Assert.Equal(4, await fixture.TakeAsync());
        Assert.Equal(4, await _broker.AcknowledgedAsync());
        Assert.Equal(2, fixture.Metrics.MessagesRedelivered.Value);
        Assert.Equal(1, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task What_was_stored_calibrated_or_by_the_alarm_lane_is_known_again()
    {
        var rule = new ReportRule { Series = "t/*", Calibration = new LinearCalibration(0.1, -40), Decimals = 1, Alarm = new AlarmRule { Above = 10 } };
        await using (Pipeline pipeline = await new Pipeline(_folder, rules: rule).StartAsync())
        {
            await WriteAsync(pipeline, Mark(_broker.Port, ClientId), (1, "t/a", 411), (2, "t/a", 512));
            Assert.Equal([("t/a:alarm", 0.0), ("t/a:alarm", 1.0), ("t/a", 11.2)], pipeline.Read(SpoolLane.Alarm));
            Assert.Equal([("t/a", 1.1)], pipeline.Read());
        }
        await using MqttFixture fixture = Create(others: """
            , "report": [ { "series": "t/*", "scale": 0.1, "offset": -40, "decimals": 1, "alarm": { "above": 10 } } ]
            """);
        Task accepted = _broker.AcceptAsync(hasSession: true);
        await fixture.StartBrokerAsync();
        await accepted;

        await _broker.PublishAsync(1, "t/a", "411", isDuplicate: true);
        await _broker.PublishAsync(2, "t/a", "512", isDuplicate: true);
        Assert.Equal(1, await _broker.AcknowledgedAsync());
        Assert.Equal(2, await _broker.AcknowledgedAsync());

        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task Without_a_spool_the_broker_keeps_its_messages_and_with_one_what_is_stored_is_known()
    {
        await using MqttFixture fixture = Create();
        await using (Pipeline other = await new Pipeline(_folder).StartAsync())
        {
            await WriteAsync(other, Mark(_broker.Port, ClientId), [(1, "t/a", 1)]);
            await fixture.StartAsync();
            Assert.False(fixture.Slot.IsOpen);
        }
        Task accepted = _broker.AcceptAsync(hasSession: true);
        Assert.False(accepted.IsCompleted);

        await fixture.Slot.ReopenAsync();
        await accepted;
        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);
        Assert.Equal(1, await _broker.AcknowledgedAsync());

        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task What_was_sent_to_the_earlier_run_and_not_stored_is_taken()
    {
        await StoreAsync((1, "t/a", 1));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(2, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task An_id_that_means_another_message_by_now_is_taken()
    {
        await StoreAsync((1, "t/a", 1), (2, "t/a", 2));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(2, "t/a", "7", isDuplicate: true);
        await _broker.PublishAsync(1, "t/b", "1", isDuplicate: true);

        Assert.Equal(7, await fixture.TakeAsync());
        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task A_new_message_with_the_id_and_the_content_of_a_stored_one_is_taken_and_so_are_its_copies()
    {
        await StoreAsync((1, "t/a", 1));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "t/a", "1");
        (await fixture.NextAsync()).Delivery.Failed();
        await _broker.AcceptAfterBreakAsync(fixture);
        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task Where_the_broker_has_no_session_its_ids_begin_anew()
    {
        await StoreAsync((1, "t/a", 1));
        await using MqttFixture fixture = await StartAsync(hasSession: false);

        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task The_ids_of_another_session_are_not_meant()
    {
        await StoreAsync(Mark(_broker.Port, "another client"), (1, "t/a", 1));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task Equal_values_without_a_time_are_taken_where_the_broker_uses_ids_again()
    {
        // One after the other was acknowledged and its id used again.
        for (int i = 0; i < 3; i++)
        {
            await StoreAsync((1, "t/a", 1));
        }
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task Equal_values_without_a_time_are_taken_where_the_broker_uses_the_same_few_ids_over_and_over()
    {
        await StoreAsync([.. Enumerable.Range(0, 24).Select(i => ((ushort)((i % 3) + 1), "t/a", 1.0))]);
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(3, "t/a", "1", isDuplicate: true);

        Assert.Equal(1, await fixture.TakeAsync());
    }

    [Fact]
    public async Task Where_a_broker_once_counted_on_from_an_older_number_values_without_a_time_are_known_from_there_on()
    {
        await StoreAsync((11, "t/a", 1), (12, "t/a", 2), (13, "t/a", 3), (11, "t/a", 4), (12, "t/a", 5));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(12, "t/a", "5", isDuplicate: true);
        await _broker.PublishAsync(13, "t/a", "3", isDuplicate: true);

        Assert.Equal(12, await _broker.AcknowledgedAsync());
        Assert.Equal(3, await fixture.TakeAsync());
    }

    [Fact]
    public async Task Values_with_a_time_are_known_by_it_even_where_the_broker_uses_ids_again()
    {
        await StoreAsync((1, "j/a", 1));
        await StoreAsync((1, "j/a", 2));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "j/a", $$"""{ "at": {{Time + 2}}, "v": 2 }""", isDuplicate: true);
        await _broker.PublishAsync(1, "j/a", $$"""{ "at": {{Time + 3}}, "v": 2 }""");

        Assert.Equal(1, await _broker.AcknowledgedAsync());
        Reading taken = await fixture.NextAsync();
        taken.Delivery.Committed();
        Assert.Equal(Time + 3, taken.UnixNanoseconds);
    }

    [Fact]
    public async Task Of_a_message_that_is_stored_in_part_the_rest_is_taken()
    {
        await StoreAsync((1, "j/a", 1));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "j/a", $$"""{ "at": {{Time + 1}}, "v": 1, "w": 5 }""", isDuplicate: true);

        Assert.Equal(5, await fixture.TakeAsync());
        Assert.Equal(1, await _broker.AcknowledgedAsync());
        Assert.Equal(1, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task Copies_come_again_after_a_broken_connection_and_are_still_known()
    {
        await StoreAsync((1, "t/a", 1), (2, "t/a", 2));
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.AcceptAfterBreakAsync(fixture);
        await _broker.PublishAsync(2, "t/a", "2", isDuplicate: true);

        Assert.Equal(2, await _broker.AcknowledgedAsync());
        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task Messages_far_back_are_found_behind_many_records_of_other_sources_and_series_named_long_before()
    {
        await using (Pipeline pipeline = await new Pipeline(_folder).StartAsync())
        {
            Series series = pipeline.Series("t/a");
            await pipeline.Channel.WriteAsync(Reading.OfNumber(series.Id, 0, 0), CancellationToken.None);
            await WriteAsync(pipeline, Mark(_broker.Port, ClientId), (9, "t/a", 9));
            for (int i = 0; i < 100; i++)
            {
                await pipeline.PublishAsync(pipeline.Series("other"), i, i);
                await pipeline.Publisher.WaitForAsync(i + 2);
            }
        }
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(9, "t/a", "9", isDuplicate: true);

        Assert.Equal(9, await _broker.AcknowledgedAsync());
        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task Only_so_many_messages_are_known_as_the_broker_may_have_sent_ahead()
    {
        await StoreAsync([.. Enumerable.Range(1, 30).Select(id => ((ushort)id, "t/a", (double)id))]);
        await using MqttFixture fixture = await StartAsync(hasSession: true, "\"receiveMaximum\": 20,");

        await _broker.PublishAsync(10, "t/a", "10", isDuplicate: true);
        await _broker.PublishAsync(11, "t/a", "11", isDuplicate: true);

        Assert.Equal(10, await fixture.TakeAsync());
        Assert.Equal(10, await _broker.AcknowledgedAsync());
        Assert.Equal(11, await _broker.AcknowledgedAsync());
        Assert.Equal(1, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task Alarms_texts_and_missing_values_are_known_again()
    {
        DeliveryMark mark = Mark(_broker.Port, ClientId);
        await using (Pipeline pipeline = await new Pipeline(_folder).StartAsync())
        {
            Reading text = Reading.OfText(pipeline.Series("text/a", kind: SeriesKind.Text).Id, 0, "open");
            Reading alarm = Reading.OfBoolean(pipeline.Series("alarm/a", SpoolLane.Alarm, SeriesKind.Boolean).Id, 0, true);
            Reading missing = Reading.WithoutValue(pipeline.Series("j/a").Id, Time, Quality.NotReady);
            await pipeline.Channel.WriteAsync(text.Marked(mark with { PacketId = 1 }), CancellationToken.None);
            await pipeline.Channel.WriteAsync(alarm.Marked(mark with { PacketId = 2 }), CancellationToken.None);
            await pipeline.Channel.WriteAsync(missing.Marked(mark with { PacketId = 3 }).Settling(new Delivery(pipeline.Publisher, 1)), CancellationToken.None);
            await pipeline.Publisher.WaitForAsync(1);
        }
        await using MqttFixture fixture = await StartAsync(hasSession: true);

        await _broker.PublishAsync(1, "text/a", "open", isDuplicate: true);
        await _broker.PublishAsync(2, "alarm/a", "true", isDuplicate: true);
        await _broker.PublishAsync(3, "j/a", $$"""{ "at": {{Time}}, "v": null }""", isDuplicate: true);

        Assert.Equal(1, await _broker.AcknowledgedAsync());
        Assert.Equal(2, await _broker.AcknowledgedAsync());
        Assert.Equal(3, await _broker.AcknowledgedAsync());
        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    [Fact]
    public async Task What_went_by_the_live_lane_and_by_the_backlog_in_turns_is_known_again_in_its_order()
    {
        DeliveryMark mark = Mark(_broker.Port, ClientId);
        // Whatever lies in the live lane is older than that.
        var options = new BatchOptions { LiveWindow = TimeSpan.FromTicks(1) };
        await using (Pipeline pipeline = await new Pipeline(_folder, options: options).StartAsync())
        {
            Spool spool = pipeline.Slot.Current.Spool;
            for (ushort id = 1; id <= 6; id++)
            {
                // Without times of their own, so that the order of the ids must be sure.
                int told = pipeline.Publisher.All.Length;
                Reading text = Reading.OfText(pipeline.Series("text/a", kind: SeriesKind.Text).Id, 0, $"{id}");
                await pipeline.Channel.WriteAsync(text.Marked(mark with { PacketId = id }).Settling(new Delivery(pipeline.Publisher, id)), CancellationToken.None);
                await pipeline.Publisher.WaitForAsync(told + 1);
                if (id == 3)
                {
                    // The live lane is drained: the next one is live, and those behind it are late again.
                    spool[SpoolLane.Live].Release(spool[SpoolLane.Live].Tail);
                }
            }
            Assert.Equal((2ul, 4ul), (spool[SpoolLane.Live].Tail, spool[SpoolLane.Backlog].Tail));
        }
        await using MqttFixture fixture = await StartAsync(hasSession: true);
        for (ushort id = 1; id <= 6; id++)
        {
            await _broker.PublishAsync(id, "text/a", $"{id}", isDuplicate: true);
            Assert.Equal(id, await _broker.AcknowledgedAsync());
        }
        Assert.Equal(0, fixture.Metrics.ReadingsRead.Sum);
    }

    private static DeliveryMark Mark(int port, string clientId) => new(
        BrokerSession.Of(new MqttBrokerOptions { Name = "", Address = new Uri($"mqtt://127.0.0.1:{port}"), ClientId = clientId, Rules = [] }), 1);

    private static async Task WriteAsync(Pipeline pipeline, DeliveryMark mark, params (ushort Id, string Series, double Value)[] messages)
    {
        foreach ((ushort id, string series, double value) in messages)
        {
            await pipeline.Channel.WriteAsync(
                Reading.OfNumber(pipeline.Series(series).Id, Time + (long)value, value).Marked(mark with { PacketId = id })
                    .Settling(new Delivery(pipeline.Publisher, id)),
                CancellationToken.None);
        }
        await pipeline.Publisher.WaitForAsync(messages.Length);
    }

    private Task StoreAsync(params (ushort Id, string Series, double Value)[] messages) => StoreAsync(Mark(_broker.Port, ClientId), messages);

    /// <summary>A run that commits the messages and ends.</summary>
    private async Task StoreAsync(DeliveryMark mark, params (ushort Id, string Series, double Value)[] messages)
    {
        await using Pipeline pipeline = await new Pipeline(_folder).StartAsync();
        await WriteAsync(pipeline, mark, messages);
    }

    private async Task<MqttFixture> StartAsync(bool hasSession, string more = "")
    {
        MqttFixture fixture = Create(more);
        Task accepted = _broker.AcceptAsync(hasSession);
        await fixture.StartBrokerAsync();
        await accepted;
        return fixture;
    }

    private MqttFixture Create(string more = "", string others = "") => new(_folder, $$"""
            "broker": "mqtt://127.0.0.1:{{_broker.Port}}", "clientId": "{{ClientId}}", {{more}} "backoffFirst": "10ms", "backoffLast": "100ms",
            "subscribe": [
              { "topic": "t/+", "series": "{topic}" },
              { "topic": "text/+", "series": "{topic}", "payload": "text" },
              { "topic": "alarm/+", "series": "{topic}", "payload": "boolean", "lane": "alarm" },
              { "topic": "j/+", "series": "{topic}", "payload": "json", "time": { "pointer": "/at", "format": "ns", "maximumAge": "20000d" },
                "values": [ { "pointer": "/v" }, { "pointer": "/w", "suffix": "/w", "optional": true } ] }
            ]
            """, others);
}
