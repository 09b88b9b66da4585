using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Kernel.Hwmon;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Kernel;

public sealed class BlockingThreadTests : IDisposable
{
    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly BlockingThread _thread;
    private readonly ManualResetEventSlim _hung = new();
    private readonly ManualResetEventSlim _release = new();

    public BlockingThreadTests() => _thread = new BlockingThread("test", _time);

    public void Dispose()
    {
        _release.Set();
        _thread.Dispose();
    }

    [Fact]
    public async Task Work_runs_on_one_thread_of_its_own_piece_after_piece()
    {
        var threads = new HashSet<Thread>();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(BlockingOutcome.Done, await _thread.RunAsync(() => threads.Add(Thread.CurrentThread), CancellationToken.None));
        }

        Assert.False(Assert.Single(threads).IsThreadPoolThread);
    }

    [Fact]
    public async Task Who_waits_for_work_that_hangs_is_told_when_his_patience_is_over_and_the_thread_is_used_again_once_it_is_free()
    {
        Task<BlockingOutcome> waiting = _thread.RunAsync(Hang, CancellationToken.None).AsTask();
        _hung.Wait(Liveness);
        _time.Advance(BlockingThread.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(BlockingOutcome.Hangs, await waiting.WaitAsync(Liveness));
        Assert.Equal(BlockingOutcome.Hangs, await _thread.RunAsync(() => Assert.Fail("Two at a time."), CancellationToken.None));

        _release.Set();
        await FreeAsync();
    }

    [Fact]
    public async Task Who_stops_does_not_wait_for_work_that_hangs()
    {
        using var stop = new CancellationTokenSource();
        Task<BlockingOutcome> waiting = _thread.RunAsync(Hang, stop.Token).AsTask();
        _hung.Wait(Liveness);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Liveness));
        _release.Set();
        await FreeAsync();
    }

    [Fact]
    public async Task A_defect_of_the_work_reaches_who_asked_for_it_and_ends_nothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _thread.RunAsync(() => throw new InvalidOperationException(), CancellationToken.None).AsTask());

        Assert.Equal(BlockingOutcome.Done, await _thread.RunAsync(() => { }, CancellationToken.None));
    }

    [Fact]
    public async Task A_file_that_hangs_is_a_sensor_that_does_not_respond_and_what_it_says_too_late_is_no_reading()
    {
        using var tree = new KernelTree();
        tree.Write("/sys/class/hwmon/hwmon0", ("name", "lm75"));
        await tree.MakePipeAsync("/sys/class/hwmon/hwmon0/temp1_input");
        using KernelDevice device = DeviceMeasuring.Of(new HwmonChipFinder(tree.Root, "lm75", []));
        var sensor = new KernelSensor(device, _thread);
        await sensor.MeasureAsync([], CancellationToken.None);
        Assert.True(sensor.IsPresent);
        var values = new Measured[1];

        Task measuring = sensor.MeasureAsync(values, CancellationToken.None).AsTask();
        // Whether the thread has come as far as the file or not: the patience counts from the question.
        _time.Advance(BlockingThread.Patience);
        await measuring.WaitAsync(Liveness);

        Assert.Equal(Measured.None(Quality.NoResponse), values[0]);
        Assert.False(sensor.IsPresent);
        await using (FileStream pipe = tree.OpenPipe("/sys/class/hwmon/hwmon0/temp1_input"))
        {
            await pipe.WriteAsync("99000\n"u8.ToArray());
            await FreeAsync();
        }
        Assert.Equal(Measured.None(Quality.NoResponse), values[0]);
    }

    [Fact]
    public async Task Sensors_of_one_thread_that_are_due_at_once_are_read_one_after_the_other_and_none_of_them_is_lost()
    {
        var first = new KernelSensor(new Device(Hang), _thread);
        var second = new KernelSensor(new Device(() => { }), _thread);
        Measured[] ofFirst = new Measured[1], ofSecond = new Measured[1];

        Task measuringFirst = first.MeasureAsync(ofFirst, CancellationToken.None).AsTask();
        _hung.Wait(Liveness);
        Task measuringSecond = second.MeasureAsync(ofSecond, CancellationToken.None).AsTask();
        Assert.False(measuringSecond.IsCompleted);
        _release.Set();
        await Task.WhenAll(measuringFirst, measuringSecond).WaitAsync(Liveness);

        Assert.Equal((Measured.Good(7), Measured.Good(7)), (ofFirst[0], ofSecond[0]));
    }

    private async Task FreeAsync()
    {
        BlockingOutcome outcome = BlockingOutcome.Hangs;
        await Eventually.TrueAsync(
            () => (outcome = _thread.RunAsync(() => { }, CancellationToken.None).AsTask().GetAwaiter().GetResult()) == BlockingOutcome.Done, Liveness, "the thread is free");
    }

    private void Hang()
    {
        _hung.Set();
        _release.Wait(Liveness);
    }

    private sealed class Device(Action read) : IBlockingDevice
    {
        public string Description => "a device";

        public IReadOnlyList<Quantity> Quantities { get; } = [new Quantity("value", "", 0)];

        public bool IsPresent => true;

        public void Measure(Span<Measured> values)
        {
            read();
            values.Fill(Measured.Good(7));
        }

        public void Dispose()
        {
        }
    }
}
