using System.Buffers.Binary;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Kernel.Iio;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Clock;
using EdgeAgent.Tests.Sensors.Mqtt;

namespace EdgeAgent.Tests.Sensors.Kernel;

/// <summary>The device's folder as files, and /dev/iio:device0 as a pipe: both give whole records and nothing where there is none.</summary>
public sealed class IioCaptureTests : IAsyncLifetime, IDisposable
{
    private const string Device = "/sys/bus/iio/devices/iio:device0";
    private const int RecordBytes = 16;
    private const long Millisecond = 1_000_000;

    private readonly KernelTree _tree = new();
    private readonly ManualTimeProvider _time = new();
    private readonly AgentMetrics _metrics = new();
    private readonly SeriesCatalog _catalog = new();
    private readonly ReadingChannel _channel = new(64);
    private readonly RecordingLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private FileStream _pipe = null!;

    public async Task InitializeAsync()
    {
        _tree.Write(
            Device, ("name", "ads1015"), ("in_voltage_scale", "1.000000000"), ("in_temp_scale", "0.5"), ("buffer/enable", "1"), ("buffer/length", "2"),
            ("current_timestamp_clock", "realtime"), ("trigger/current_trigger", ""), ("sampling_frequency", "128"));
        _tree.Write(
            $"{Device}/scan_elements", ("in_voltage0_en", "0"), ("in_voltage0_index", "0"), ("in_voltage0_type", "le:s12/16>>4"), ("in_voltage1_en", "1"),
            ("in_voltage1_index", "1"), ("in_voltage1_type", "le:s12/16>>4"), ("in_temp_en", "0"), ("in_temp_index", "2"), ("in_temp_type", "be:s16/16>>0"),
            ("in_timestamp_en", "0"), ("in_timestamp_index", "3"), ("in_timestamp_type", "le:s64/64>>0"));
        _tree.Write("/sys/bus/iio/devices/trigger0", ("name", "hr"), ("sampling_frequency", "100"));
        await _tree.MakePipeAsync("/dev/iio:device0");
        _pipe = _tree.OpenPipe("/dev/iio:device0");
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _pipe.Dispose();
        _stop.Dispose();
        _metrics.Dispose();
        _log.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public async Task The_device_is_set_up_as_configured_and_stopped_at_the_end()
    {
        Start(trigger: "hr");
        await UntilAsync(() => _log.Lines.Count > 0);

        Assert.Equal("1", _tree.Read($"{Device}/buffer/enable"));
        Assert.Equal("2000", _tree.Read($"{Device}/buffer/length"));
        Assert.Equal("boottime", _tree.Read($"{Device}/current_timestamp_clock"));
        Assert.Equal("hr", _tree.Read($"{Device}/trigger/current_trigger"));
        Assert.Equal("1000", _tree.Read("/sys/bus/iio/devices/trigger0/sampling_frequency"));
        Assert.Equal("1 0 1 1", string.Join(' ', new[] { "voltage0", "voltage1", "temp", "timestamp" }.Select(name => _tree.Read($"{Device}/scan_elements/in_{name}_en"))));

        await DisposeAsync();

        Assert.Equal("0", _tree.Read($"{Device}/buffer/enable"));
    }

    [Fact]
    public async Task Each_record_is_a_reading_of_each_channel_at_the_time_of_the_kernel()
    {
        Start();
        long boot = TestClocks.Right(_time).BootNanoseconds;
        Record(boot, voltage: 1000, temp: 50);
        Record(boot + Millisecond, voltage: -5, temp: -50);

        var readings = new List<Reading>();
        await UntilAsync(() =>
        {
            while (_channel.Reader.TryRead(out Reading reading))
            {
                readings.Add(reading);
            }
            return readings.Count == 4;
        });

        Assert.Equal(["adc/voltage0", "adc/temp", "adc/voltage0", "adc/temp"], readings.Select(reading => _catalog[reading.Series].Definition.Name));
        Assert.Equal([1, 0.025, -0.005, -0.025], readings.Select(reading => reading.Number));
        Assert.Equal([0, 0, Millisecond, Millisecond], readings.Select(reading => reading.UnixNanoseconds - readings[0].UnixNanoseconds));
        Assert.All(readings, reading => Assert.NotNull(reading.Time.Offset));
        Assert.Equal(boot, readings[0].UnixNanoseconds - readings[0].Time.Offset!.Nanoseconds);
        Assert.Equal(4, _metrics.ReadingsRead[ReadingSource.Kernel]);
        Assert.Equal(0, _metrics.SamplesMissed.Value);
    }

    [Fact]
    public async Task What_the_buffer_of_the_kernel_lost_is_counted_and_told()
    {
        Start();
        long boot = TestClocks.Right(_time).BootNanoseconds;
        Record(boot, 1, 1);
        Record(boot + (8 * Millisecond), 1, 1);
        Record(boot + (9 * Millisecond), 1, 1);

        await UntilAsync(() => _metrics.ReadingsRead[ReadingSource.Kernel] == 6);

        Assert.Equal(7, _metrics.SamplesMissed.Value);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error: 7 samples are missing in the capture adc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_finds_no_place_in_the_channel_is_counted_as_lost()
    {
        Start();
        for (int i = 0; i < 40; i++)
        {
            Record(i * Millisecond, 1, 1);
        }

        await UntilAsync(() => _metrics.ReadingsDropped[DropCause.ChannelFull] == 16);

        Assert.Equal(64, _metrics.ReadingsRead[ReadingSource.Kernel]);
        Assert.True(_channel.Lost.IsAny);
    }

    [Fact]
    public async Task A_device_that_falls_silent_is_set_up_anew()
    {
        Start();
        await UntilAsync(() => _log.Lines.Count > 0);
        _tree.Write(Device, ("buffer/enable", "0"));

        await UntilAsync(() => _log.Lines.Count >= 3);

        Assert.Contains("gives no more samples", _log.Lines.ElementAt(1), StringComparison.Ordinal);
        Assert.StartsWith("Information: The capture adc runs", _log.Lines.ElementAt(2), StringComparison.Ordinal);
        await UntilAsync(() => _tree.Read($"{Device}/buffer/enable") == "1");
    }

    [Fact]
    public async Task What_cannot_start_says_why_once_and_starts_when_it_can()
    {
        _tree.Write(Device, ("name", "other"));
        Start();
        await UntilAsync(() => _log.Lines.Count > 0);
        _time.Advance(3 * IioCapture.LookEvery);
        Assert.Contains("cannot start: DeviceMissing", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _tree.Write(Device, ("name", "ads1015"));

        await UntilAsync(() => _log.Lines.Count > 1);
        Assert.StartsWith("Information: The capture adc runs: 2 channels", _log.Lines.ElementAt(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trigger_that_is_not_there_and_a_device_without_timestamps_are_named()
    {
        Assert.Equal(IioBufferOutcome.TriggerMissing, IioBuffer.TryStart(_tree.Root, Options(trigger: "sysfstrig9"), out _));
        File.Delete(_tree["/dev/iio:device0"]);
        Assert.Equal(IioBufferOutcome.Refused, IioBuffer.TryStart(_tree.Root, Options(), out _));
        Assert.Equal("0", _tree.Read($"{Device}/buffer/enable"));
        File.Delete(_tree[$"{Device}/scan_elements/in_timestamp_en"]);
        Assert.Equal(IioBufferOutcome.NothingToCapture, IioBuffer.TryStart(_tree.Root, Options(), out _));
    }

    private static IioCaptureOptions Options(string? trigger = null) => new()
    {
        Device = "ads1015",
        Channels = ["voltage0", "temp"],
        Rate = 1_000,
        Trigger = trigger,
        Sampling = new SensorOptions { Series = "adc" },
    };

    private void Start(string? trigger = null) => _running = new IioCapture(
        Options(trigger), _tree.Root, new Dictionary<string, string>(), _catalog, _channel, _metrics, TestClocks.Right(_time), _time, _log).RunAsync(_stop.Token);

    private void Record(long timestamp, short voltage, short temp)
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        record.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(record, (short)(voltage << 4));
        BinaryPrimitives.WriteInt16BigEndian(record[2..], temp);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], timestamp);
        _pipe.Write(record);
    }

    private Task UntilAsync(Func<bool> isSo) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(IioCapture.EmptyEvery);
            return isSo();
        },
        TimeSpan.FromMinutes(1), "the capture has come to it", TimeSpan.FromMilliseconds(1));
}
