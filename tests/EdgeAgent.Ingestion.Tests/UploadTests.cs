using System.Globalization;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Record = EdgeAgent.Protocol.V1.Record;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class UploadTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async Task InitializeAsync() => _service = await RunningService.StartAsync(options =>
    {
        options.Ingest.PredecessorWait = TimeSpan.FromSeconds(5);
        options.Ingest.RateBytesPerSecond = 12_345;
        options.Ingest.BacklogStartAfter = TimeSpan.FromMilliseconds(250);
    });

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_session_is_stored_and_its_receipt_counts_it()
    {
        UploadReceipt receipt = await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2), Numbers(3));

        Assert.Equal(3UL, receipt.DurableThrough);
        Assert.Equal(3U, receipt.RecordsStored);
        Assert.Equal(0U, receipt.RecordsSkipped);
        Assert.Equal(9UL, receipt.ReadingsStored);
        Assert.Equal(12_345UL, receipt.RateBytesPerSecond);
        Assert.NotEqual(0, receipt.ServerTimeUnixNanoseconds);
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3), await _service.ValuesAsync());
    }

    [Fact]
    public async Task Headers_come_at_once_long_before_the_receipt()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));

        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = _service.Client().Upload();
        await call.RequestStream.WriteAsync(Open(3));
        Metadata headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(call.ResponseAsync.IsCompleted);
        Assert.Equal("2", headers.GetValue("edge-durable-through"));
        Assert.Equal("12345", headers.GetValue("edge-rate-bytes-per-second"));
        Assert.Equal("250", headers.GetValue("edge-backlog-start-after-ms"));
        Assert.Equal("gzip,br", headers.GetValue("edge-accept-encodings"));
        Assert.Equal(3UL, (await call.SendAsync(Numbers(3))).DurableThrough);
    }

    [Fact]
    public async Task What_comes_again_is_skipped_in_silence_and_counted()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));
        UploadReceipt again = await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2), Numbers(3));

        Assert.Equal((3UL, 1U, 2U), (again.DurableThrough, again.RecordsStored, again.RecordsSkipped));
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3), await _service.ValuesAsync());
        Assert.Equal(2, (await _service.JsonAsync("api/summary")).GetProperty("duplicatesSkipped").GetInt64());
    }

    [Fact]
    public async Task A_session_without_records_tells_the_watermark()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1));
        Assert.Equal(1UL, (await _service.Client().SendAsync(Open(2))).DurableThrough);
        Assert.Equal(0UL, (await _service.Client("unheard-of").SendAsync(Open(1))).DurableThrough);
    }

    [Fact]
    public async Task Lanes_spools_and_devices_count_for_themselves()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));
        Assert.Equal(1UL, (await _service.Client().SendAsync(Open(1, Lane.Alarm), Numbers(1))).DurableThrough);
        Assert.Equal(1UL, (await _service.Client().SendAsync(Open(1, spool: new byte[16]), Numbers(1))).DurableThrough);
        Assert.Equal(1UL, (await _service.Client("plant-2").SendAsync(Open(1), Numbers(1))).DurableThrough);
        // The same series at the same times with the same values, from three sources: all are readings of their own.
        Assert.Equal(12, (await _service.ValuesAsync()).Length);
    }

    [Fact]
    public async Task A_hole_is_aborted_and_what_came_before_it_is_stored()
    {
        RpcException failure = await _service.Client().FailAsync(Open(1), Numbers(1), Numbers(2), Numbers(4));

        Assert.Equal(StatusCode.Aborted, failure.StatusCode);
        Assert.Contains("3", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await _service.ValuesAsync());
        Assert.Equal(4UL, (await _service.Client().SendAsync(Open(3), Numbers(3), Numbers(4))).DurableThrough);
    }

    [Fact]
    public async Task A_gap_explains_a_hole_and_is_entered_in_the_ledger()
    {
        UploadReceipt receipt = await _service.Client().SendAsync(Open(1), Numbers(1), Gap(2, 9, 40, LossCause.DiskFull), Numbers(10));

        Assert.Equal(10UL, receipt.DurableThrough);
        var gap = (await _service.JsonAsync("api/gaps?device=plant-1")).GetProperty("gaps")[0];
        Assert.Equal((2, 9, 40, "disk-full", "live"), (
            gap.GetProperty("from").GetInt32(), gap.GetProperty("to").GetInt32(), gap.GetProperty("readingsLost").GetInt32(),
            gap.GetProperty("cause").GetString(), gap.GetProperty("lane").GetString()));
    }

    [Fact]
    public async Task A_gap_that_overlaps_what_is_stored_is_entered_from_the_watermark_on_and_says_where_it_was_reported_from()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2), Numbers(3));
        Assert.Equal(6UL, (await _service.Client().SendAsync(Open(2), Gap(2, 5), Numbers(6))).DurableThrough);

        var gap = (await _service.JsonAsync("api/gaps")).GetProperty("gaps")[0];
        Assert.Equal(
            (4, 5, 2), (gap.GetProperty("from").GetInt32(), gap.GetProperty("to").GetInt32(), gap.GetProperty("reportedFrom").GetInt32()));
    }

    [Fact]
    public async Task A_gap_that_comes_again_is_entered_once()
    {
        await _service.Client().SendAsync(Open(1), Gap(1, 5));
        await _service.Client().SendAsync(Open(1), Gap(1, 5), Numbers(6, define: true));
        Assert.Equal(1, (await _service.JsonAsync("api/gaps")).GetProperty("gaps").GetArrayLength());
    }

    [Fact]
    public async Task An_undecodable_record_is_refused_by_name_and_what_came_before_it_is_stored()
    {
        RpcException failure = await _service.Client().FailAsync(Open(1), Numbers(1), Numbers(2), Undecodable(3), Numbers(4));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Equal("3", failure.Trailer("edge-refused-sequence"));
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await _service.ValuesAsync());
        UploadReceipt next = await _service.Client().SendAsync(Open(3), Gap(3, 3, 3, LossCause.Refused), Numbers(4));
        Assert.Equal(4UL, next.DurableThrough);
    }

    [Fact]
    public async Task A_record_that_is_a_little_too_large_is_refused_by_name()
    {
        UploadRequest large = Numbers(2);
        large.Record.Batch.Definitions.Add(
            new SeriesDefinition { Ref = 2, Name = "x", Kind = SeriesKind.Text, Unit = new string('u', 1_100_000) });
        RpcException failure = await _service.Client().FailAsync(Open(1), Numbers(1), large);

        Assert.Equal((StatusCode.InvalidArgument, "2"), (failure.StatusCode, failure.Trailer("edge-refused-sequence")));
    }

    [Fact]
    public async Task A_message_beyond_the_memory_limit_ends_the_session_and_what_came_before_it_is_stored()
    {
        UploadRequest huge = Numbers(2);
        huge.Record.Batch.Definitions.Add(
            new SeriesDefinition { Ref = 2, Name = "x", Kind = SeriesKind.Text, Unit = new string('u', 3_000_000) });
        RpcException failure = await _service.Client().FailAsync(Open(1), Numbers(1), huge);

        Assert.Equal((StatusCode.ResourceExhausted, "2"), (failure.StatusCode, failure.Trailer("edge-refused-sequence")));
        Assert.Equal(StoredReadings.Expected(3, 1), await _service.ValuesAsync());
    }

    [Fact]
    public async Task A_series_that_was_never_named_is_asked_for_and_taken_from_the_next_SessionOpen()
    {
        UploadRequest unnamed = Numbers(1);
        unnamed.Record.Batch.Definitions.Clear();
        RpcException failure = await _service.Client().FailAsync(Open(1), unnamed, Numbers(2));
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Equal(0, (await _service.JsonAsync("api/summary")).GetProperty("readings").GetInt64());

        UploadRequest open = Open(1);
        open.Open.Dictionaries.Add(new Dictionary { Dictionary_ = Uploads.Dictionary, Definitions = { Temperature } });
        Assert.Equal(2UL, (await _service.Client().SendAsync(open, unnamed, Numbers(2))).DurableThrough);
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await _service.ValuesAsync());
    }

    [Fact]
    public async Task A_session_ahead_of_the_watermark_waits_for_its_predecessor()
    {
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> first = _service.Client().Upload();
        await first.RequestStream.WriteAsync(Open(1));
        await first.ResponseHeadersAsync;

        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> second = _service.Client().Upload();
        Task<UploadReceipt> secondReceipt = second.SendAsync(Open(3), Numbers(3), Numbers(4));
        Assert.Equal("0", (await second.ResponseHeadersAsync).GetValue("edge-durable-through"));
        // The second refers to series that only the first names, and has said everything before the first says anything.
        Assert.False(secondReceipt.IsCompleted);

        Assert.Equal(2UL, (await first.SendAsync(Numbers(1), Numbers(2))).DurableThrough);
        Assert.Equal(4UL, (await secondReceipt).DurableThrough);
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3, 4), await _service.ValuesAsync());
    }

    [Theory]
    [InlineData("no open")]
    [InlineData("nothing")]
    [InlineData("short spool id")]
    [InlineData("no lane")]
    [InlineData("first sequence 0")]
    [InlineData("open twice")]
    [InlineData("empty message")]
    [InlineData("bad dictionary")]
    public async Task A_session_against_the_protocol_is_told_what_is_wrong(string how)
    {
        UploadRequest badDictionary = Open(1);
        badDictionary.Open.Dictionaries.Add(
            new Dictionary { Dictionary_ = 1, Definitions = { new SeriesDefinition { Name = "no ref", Kind = SeriesKind.Text } } });
        UploadRequest[] requests = how switch
        {
            "no open" => [Numbers(1)],
            "nothing" => [],
            "short spool id" => [Open(1, spool: [1, 2])],
            "no lane" => [Open(1, Lane.Unspecified)],
            "first sequence 0" => [Open(0)],
            "open twice" => [Open(1), Open(1)],
            "empty message" => [Open(1), new UploadRequest()],
            _ => [badDictionary],
        };
        RpcException failure = await _service.Client().FailAsync(requests);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.NotEmpty(failure.Status.Detail);
    }

    [Fact]
    public async Task What_arrived_before_a_line_broke_is_stored()
    {
        // How much had been read when a line broke is the network's affair, so it is tried until something was; that it is
        // kept, without a receipt, and kept once, is ours.
        Protocol.V1.Ingest.IngestClient client = _service.Client();
        var health = new Grpc.Health.V1.Health.HealthClient(_service.Channel("plant-1"));
        ulong through = 0;
        for (int attempt = 0; attempt < 200 && through == 0; attempt++)
        {
            using (AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = client.Upload())
            {
                await call.RequestStream.WriteAsync(Open(1));
                await call.ResponseHeadersAsync;
                await call.RequestStream.WriteAsync(Numbers(1));
                await call.RequestStream.WriteAsync(Numbers(2));
                await health.CheckAsync(new());
            }
            await health.CheckAsync(new());
            through = (await client.SendAsync(Open(1))).DurableThrough;
        }
        Assert.NotEqual(0UL, through);
        UploadReceipt rest = await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2), Numbers(3));
        Assert.Equal(3UL, rest.DurableThrough);
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3), await _service.ValuesAsync());
    }

    [Fact]
    public async Task Every_kind_of_value_and_quality_comes_back_as_it_was_sent()
    {
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = Start + 123_456_789, Dictionary = 1 };
        batch.Definitions.Add(new SeriesDefinition { Ref = 1, Name = "n", Kind = SeriesKind.Number, Unit = "V" });
        batch.Definitions.Add(new SeriesDefinition { Ref = 2, Name = "b", Kind = SeriesKind.Boolean });
        batch.Definitions.Add(new SeriesDefinition { Ref = 3, Name = "t", Kind = SeriesKind.Text });
        batch.Times.Add(new TimeColumn { Count = 4, Decimals = 9, Step = 1 });
        batch.Blocks.Add(new SeriesBlock
        {
            Series = 1,
            Doubles = new DoubleColumn { Values = { double.NaN, double.NegativeInfinity, 0.1, 99 } },
            Qualities = { new QualityRun { First = 2, Count = 1, Quality = Quality.Uncertain },
                new QualityRun { First = 3, Count = 1, Quality = Quality.Checksum } },
        });
        batch.Blocks.Add(new SeriesBlock { Series = 2, Booleans = new BooleanColumn { Count = 4, Bits = ByteString.CopyFrom(0b0101) } });
        batch.Blocks.Add(
            new SeriesBlock { Series = 3, Texts = new TextColumn { Texts = { "on", "a\0b \"ü\"" }, Indices = { 0, 1, 1, 0 } } });
        await _service.Client().SendAsync(
            Open(1), new UploadRequest { Record = new Record { Sequence = 1, Readings = 12, Batch = batch } });

        Assert.Equal("NaN,-Infinity,0.1,null", await ValuesAsync("n"));
        Assert.Equal("True,False,True,False", await ValuesAsync("b"));
        Assert.Equal("on,a\0b \"ü\",a\0b \"ü\",on", await ValuesAsync("t"));
        var readings = (await _service.JsonAsync("api/readings?series=plant-1/n")).GetProperty("readings");
        Assert.Equal(
            ["good", "good", "uncertain", "checksum"],
            readings.EnumerateArray().Select(reading => reading.GetProperty("quality").GetString()!));
        Assert.Equal("2026-01-01T00:00:00.123456792Z", readings[3].GetProperty("time").GetString());
        Assert.Equal(Start + 123_456_792, readings[3].GetProperty("unixNanoseconds").GetInt64());
    }

    [Fact]
    public async Task A_series_that_changes_its_kind_and_unit_keeps_all_its_readings()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1));
        UploadRequest asText = Numbers(2);
        asText.Record.Batch.Dictionary = 2;
        asText.Record.Batch.Definitions.Add(new SeriesDefinition { Ref = 9, Name = Temperature.Name, Kind = SeriesKind.Text });
        var warm = new TextColumn { Texts = { "warm" }, Indices = { 0, 0, 0 } };
        asText.Record.Batch.Blocks[0] = new SeriesBlock { Series = 9, Texts = warm };
        await _service.Client().SendAsync(Open(2), asText);

        Assert.Equal("1000,1001,1002,warm,warm,warm", await ValuesAsync(Temperature.Name));
        var series = (await _service.JsonAsync("api/series")).GetProperty("series");
        Assert.Equal(1, series.GetArrayLength());
        Assert.Equal(
            ("text", "", 6L),
            (series[0].GetProperty("kind").GetString(), series[0].GetProperty("unit").GetString(),
            series[0].GetProperty("readings").GetInt64()));
    }

    [Fact]
    public async Task A_restart_forgets_nothing()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));
        await _service.RestartAsync();
        UploadReceipt receipt = await _service.Client().SendAsync(Open(2), Numbers(2), Numbers(3));

        Assert.Equal((3UL, 1U, 1U), (receipt.DurableThrough, receipt.RecordsStored, receipt.RecordsSkipped));
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3), await _service.ValuesAsync());
    }

    private async Task<string> ValuesAsync(string series)
    {
        var answer = await _service.JsonAsync($"api/readings?series=plant-1/{Uri.EscapeDataString(series)}");
        return string.Join(',', answer.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value") switch
        {
            { ValueKind: System.Text.Json.JsonValueKind.Null } => "null",
            { ValueKind: System.Text.Json.JsonValueKind.Number } number => number.GetDouble().ToString(CultureInfo.InvariantCulture),
            var other => other.ToString(),
        }));
    }
}
