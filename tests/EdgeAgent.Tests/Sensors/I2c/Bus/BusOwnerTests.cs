using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>One owner a bus: whose turn it is, and what a bus that hangs does not hold up.</summary>
public sealed class BusOwnerTests : IDisposable
{
    private readonly BusFixture _bus = new();
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _released = new();

    public void Dispose()
    {
        _released.Set();
        _bus.Dispose();
        _entered.Dispose();
        _released.Dispose();
    }

    [Fact]
    public async Task Sensors_get_the_bus_in_the_order_in_which_they_asked_and_one_at_a_time()
    {
        var order = new List<int>();
        Hang(at: 0x10, order.Add);
        Task<Quality>[] measuring = [BusFixture.MeasureAsync(_bus.Sensor(0x10))];
        await EnteredAsync();

        measuring = [.. measuring, .. new[] { 0x14, 0x12, 0x13 }.Select(address => BusFixture.MeasureAsync(_bus.Sensor(address)))];
        Assert.Equal([0x10], order);
        _released.Set();

        Assert.All(await Task.WhenAll(measuring), quality => Assert.Equal(Quality.Good, quality));
        // Two transfers each, of which no two sensors' are mixed.
        Assert.Equal([0x10, 0x10, 0x14, 0x14, 0x12, 0x12, 0x13, 0x13], order);
    }

    [Fact]
    public async Task A_chip_that_converts_does_not_hold_the_bus()
    {
        I2cSensor slow = _bus.Sensor(0x10, TimeSpan.FromSeconds(1));
        var values = new Measured[1];
        Task converting = slow.MeasureAsync(values, CancellationToken.None).AsTask();

        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(_bus.Sensor(0x11)));
        Assert.False(converting.IsCompleted);
    }

    [Fact]
    public async Task A_conversion_ends_at_once_where_the_agent_stops()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        _bus.OnTransfer = _ => started.TrySetResult();
        Task converting = _bus.Sensor(0x10, TimeSpan.FromSeconds(1)).MeasureAsync(new Measured[1], stop.Token).AsTask();
        await started.Task.WaitAsync(BusFixture.Patience);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => converting.WaitAsync(BusFixture.Patience));
    }

    [Fact]
    public async Task A_transfer_that_does_not_come_back_is_no_response_for_all_who_wait_and_holds_up_no_other_bus()
    {
        Hang(at: 0x10);
        I2cSensor hanging = _bus.Sensor(0x10);
        Task<Quality> first = BusFixture.MeasureAsync(hanging);
        await EnteredAsync();
        Task<Quality> behind = BusFixture.MeasureAsync(_bus.Sensor(0x11));

        _bus.Time.Advance(BusFixture.Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(first.IsCompleted || behind.IsCompleted);
        _bus.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([Quality.NoResponse, Quality.NoResponse], await Task.WhenAll(first, behind));
        // As long as it hangs nobody waits for it.
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(hanging));
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(_bus.Sensor(0x12)));
        Assert.Equal(4, _bus[I2cFailureCause.BusStuck]);
        Assert.Equal(1, _bus.Metrics.I2cStuck.At("1").Value);
        using var other = new BusFixture();
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(other.Sensor(0x10)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(110, 2)]
    public async Task What_comes_back_too_late_is_dropped_and_the_bus_opened_anew_where_it_failed(int errno, int opened)
    {
        Hang(at: 0x10, afterwards: () =>
        {
            if (errno != 0)
            {
                throw FakeI2cBus.Errno(errno);
            }
        });
        I2cSensor sensor = _bus.Sensor(0x10);
        var values = new Measured[1];
        Task measuring = sensor.MeasureAsync(values, CancellationToken.None).AsTask();
        await EnteredAsync();
        _bus.Time.Advance(BusFixture.Deadline);
        await measuring.WaitAsync(BusFixture.Patience);

        _bus.OnTransfer = _ => { };
        _bus.Time.Advance(RecoveryLadder.FirstPause);
        _released.Set();
        await UntilGoodAsync(sensor);

        Assert.Equal(Measured.None(Quality.NoResponse), values[0]);
        Assert.Equal(opened, _bus.Opened.Count);
        Assert.All(_bus.Opened.SkipLast(1), bus => Assert.True(bus.IsClosed));
        Assert.Equal(0, _bus.Metrics.I2cStuck.At("1").Value);
        Assert.Equal(opened - 1, _bus.Metrics.I2cRecoveries.At("1")[RecoveryStep.Reopen]);
    }

    [Fact]
    public async Task Sensors_that_measure_when_the_bus_is_given_up_are_told_so()
    {
        Hang(at: 0x10);
        Task<Quality> running = BusFixture.MeasureAsync(_bus.Sensor(0x10));
        await EnteredAsync();
        I2cSensor late = _bus.Sensor(0x11);
        Task<Quality> waiting = BusFixture.MeasureAsync(late);

        Task closing = Task.Run(_bus.Wire.Dispose);

        Assert.Equal(Quality.NoResponse, await waiting);
        _released.Set();
        // Given up as well, where this came too late on a machine that is busy.
        Assert.Contains(await running, new[] { Quality.Good, Quality.NoResponse });
        await closing.WaitAsync(BusFixture.Patience);
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(late));
    }

    [Fact]
    public async Task A_defect_of_a_driver_reaches_who_asked_and_not_the_bus()
    {
        _bus.OnTransfer = _ => throw new InvalidOperationException("a defect");
        await Assert.ThrowsAsync<InvalidOperationException>(() => BusFixture.MeasureAsync(_bus.Sensor(0x10)));
        _bus.OnTransfer = _ => { };

        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(_bus.Sensor(0x11)));
    }

    /// <summary>Transfers to one address wait to be released; one entry is told.</summary>
    private void Hang(int at, Action<int>? onTransfer = null, Action? afterwards = null) => _bus.OnTransfer = address =>
    {
        onTransfer?.Invoke(address);
        if (address == at)
        {
            _entered.Release();
            _released.Wait();
            afterwards?.Invoke();
        }
    };

    private async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(BusFixture.Patience));

    private static async Task UntilGoodAsync(I2cSensor sensor)
    {
        using var patience = new CancellationTokenSource(BusFixture.Patience);
        while (await BusFixture.MeasureAsync(sensor) != Quality.Good)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
