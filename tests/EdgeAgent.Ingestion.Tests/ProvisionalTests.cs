using System.Globalization;
using System.Text.Json;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Times that a device made before its clock was right: corrected before they are stored, or marked.</summary>
public sealed class ProvisionalTests
{
    private const long Second = 1_000_000_000;
    private static readonly ByteString Boot = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);

    [Fact]
    public async Task Provisional_times_are_corrected_by_the_reference_that_came_before_them()
    {
        await using RunningService service = await RunningService.StartAsync();

        // Recorded 100 s after the boot, and the boot was at the start of 2026.
        await service.Client().SendAsync(Uploads.Open(1), Reference(Uploads.Start), Provisional(1, 100), Uploads.Numbers(2), Provisional(3, 500));

        (long Time, bool IsProvisional)[] times = await TimesAsync(service);
        Assert.Equal(((int[])[6, 7, 8, 100, 101, 102, 500, 501, 502]).Select(second => (Uploads.Start + (second * Second), false)), times);
    }

    [Fact]
    public async Task Without_a_reference_they_stay_as_they_are_and_are_marked()
    {
        await using RunningService service = await RunningService.StartAsync();
        await service.Client().SendAsync(Uploads.Open(1), Provisional(1, 100), Uploads.Numbers(2));

        (long Time, bool IsProvisional)[] times = await TimesAsync(service);
        Assert.Equal([true, true, true, false, false, false], times.Select(time => time.IsProvisional));
        Assert.Equal(100 * Second, times[0].Time);
        string csv = await service.Http.GetStringAsync("api/readings?series=1&format=csv");
        Assert.Equal(
            ["clock", "provisional", "provisional", "provisional", "synchronized", "synchronized", "synchronized"],
            csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')[^2]));
    }

    [Fact]
    public async Task What_is_stored_is_never_moved_whatever_is_said_later()
    {
        await using RunningService service = await RunningService.StartAsync();
        Protocol.V1.Ingest.IngestClient client = service.Client();
        await client.SendAsync(Uploads.Open(1), Provisional(1, 100));
        await client.SendAsync(Uploads.Open(2), Reference(Uploads.Start), Provisional(2, 200));
        (long Time, bool IsProvisional)[] before = await TimesAsync(service);

        UploadReceipt receipt = await client.SendAsync(Uploads.Open(1), Reference(Uploads.Start + (1_000 * Second)), Provisional(1, 100), Provisional(2, 200));

        Assert.Equal((2ul, 0u, 2u), (receipt.DurableThrough, receipt.RecordsStored, receipt.RecordsSkipped));
        (long Time, bool IsProvisional)[] after = await TimesAsync(service);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_reference_counts_for_its_boot_and_its_session_only()
    {
        await using RunningService service = await RunningService.StartAsync();
        Protocol.V1.Ingest.IngestClient client = service.Client();
        UploadRequest other = Reference(Uploads.Start);
        other.ClockReference.BootId = ByteString.CopyFrom(new byte[16]);
        await client.SendAsync(Uploads.Open(1), other, Provisional(1, 100));
        await client.SendAsync(Uploads.Open(2), Reference(Uploads.Start));
        await client.SendAsync(Uploads.Open(2), Provisional(2, 200));

        Assert.All(await TimesAsync(service), time => Assert.True(time.IsProvisional));
    }

    [Theory]
    [InlineData(-7_000_000_000_000_000_000, 0, 16)] // long before 1970
    [InlineData(0, 0, 16)] // 1970
    [InlineData(4_102_444_800_000_000_000, 0, 16)] // 2100
    [InlineData(1_767_225_600_000_000_000, 100_000_000_000_000, 16)] // uncertain by more than a day
    [InlineData(1_767_225_600_000_000_000, 0, 15)] // of no boot
    public async Task A_reference_beyond_sane_limits_moves_nothing_and_harms_nothing(long unixNanoseconds, ulong uncertainty, int bootIdBytes)
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest reference = Reference(unixNanoseconds);
        reference.ClockReference.UncertaintyNanoseconds = uncertainty;
        reference.ClockReference.BootId = ByteString.CopyFrom(Boot.Span[..bootIdBytes]);

        UploadReceipt receipt = await service.Client().SendAsync(Uploads.Open(1), reference, Provisional(1, 100));

        Assert.Equal(1ul, receipt.DurableThrough);
        (long Time, bool IsProvisional)[] times = await TimesAsync(service);
        Assert.Equal(((int[])[100, 101, 102]).Select(second => (second * Second, true)), times);
    }

    [Fact]
    public async Task A_boot_time_that_would_lead_beyond_them_stays_too()
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest far = Provisional(1, 100);
        far.Record.Batch.Clock.BootTimeNanoseconds = long.MaxValue;

        await service.Client().SendAsync(Uploads.Open(1), Reference(Uploads.Start), far);

        Assert.All(await TimesAsync(service), time => Assert.True(time.IsProvisional));
    }

    [Fact]
    public async Task Aggregates_are_corrected_as_readings_are_also_where_their_window_began_before_the_boot()
    {
        await using RunningService service = await RunningService.StartAsync();
        UploadRequest minutes = ThinnedUploads.Minutes(1);
        minutes.Record.Batch.BaseTimeUnixNanoseconds = 0;
        minutes.Record.Batch.Clock = new BatchClock { State = ClockState.Provisional, BootId = Boot, BootTimeNanoseconds = -20 * Second };

        await service.Client().SendAsync(Uploads.Open(1), Reference(Uploads.Start), minutes);

        JsonElement answer = await service.JsonAsync("api/readings?series=plant-1/office/temperature:min:1m");
        Assert.Equal(
            [Uploads.Start - (20 * Second), Uploads.Start + (40 * Second), Uploads.Start + (100 * Second)],
            answer.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("unixNanoseconds").GetInt64()));
    }

    [Fact]
    public async Task The_headers_say_what_time_it_is_unless_the_device_knows()
    {
        await using RunningService service = await RunningService.StartAsync();
        long before = Nanoseconds(DateTimeOffset.UtcNow);
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Client().Upload();
        await call.RequestStream.WriteAsync(Uploads.Open(1));
        Metadata headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(long.Parse(headers.GetValue("edge-server-time")!, CultureInfo.InvariantCulture), before, Nanoseconds(DateTimeOffset.UtcNow));
        await call.SendAsync();
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> other = service.Client().Upload();
        UploadRequest open = Uploads.Open(1);
        open.Open.ClockState = ClockState.Synchronized;
        await other.RequestStream.WriteAsync(open);
        Assert.Null((await other.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(30))).GetValue("edge-server-time"));
        await other.SendAsync();

        static long Nanoseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * 100;
    }

    /// <summary>Three readings a second apart, of a clock that began in 1970 with the boot.</summary>
    private static UploadRequest Provisional(ulong sequence, int bootSecond)
    {
        UploadRequest request = Uploads.Numbers(sequence);
        request.Record.Provisional = true;
        request.Record.Batch.BaseTimeUnixNanoseconds = bootSecond * Second;
        request.Record.Batch.Clock = new BatchClock { State = ClockState.Provisional, BootId = Boot, BootTimeNanoseconds = bootSecond * Second };
        return request;
    }

    private static UploadRequest Reference(long bootAt) =>
        new() { ClockReference = new ClockReference { BootId = Boot, BootTimeNanoseconds = 0, UnixNanoseconds = bootAt, UncertaintyNanoseconds = 1_000 } };

    /// <summary>In order of time.</summary>
    private static async Task<(long Time, bool IsProvisional)[]> TimesAsync(RunningService service)
    {
        JsonElement answer = await service.JsonAsync("api/readings?limit=1000&series=plant-1/office/temperature");
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading =>
            (reading.GetProperty("unixNanoseconds").GetInt64(), reading.TryGetProperty("provisional", out JsonElement mark) && mark.GetBoolean()))];
    }
}
