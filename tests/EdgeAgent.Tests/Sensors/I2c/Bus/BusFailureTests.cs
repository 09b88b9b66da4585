using System.Diagnostics.Metrics;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>Each failure is a quality, and counted under its cause.</summary>
public sealed class BusFailureTests : IDisposable
{
    private readonly BusFixture _bus = new();

    public void Dispose() => _bus.Dispose();

    [Theory]
    [InlineData(2, I2cFailureCause.NoBus)]
    [InlineData(5, I2cFailureCause.BusError)]
    [InlineData(6, I2cFailureCause.NoAcknowledge)]
    [InlineData(11, I2cFailureCause.ArbitrationLost)]
    [InlineData(13, I2cFailureCause.NoPermission)]
    [InlineData(16, I2cFailureCause.BusStuck)]
    [InlineData(19, I2cFailureCause.NoBus)]
    [InlineData(98, I2cFailureCause.AddressInUse)]
    [InlineData(110, I2cFailureCause.Timeout)]
    [InlineData(121, I2cFailureCause.NoAcknowledge)]
    [InlineData(99, I2cFailureCause.Other)]
    public async Task A_failure_is_counted_once_by_its_errno(int errno, object cause)
    {
        _bus.OnTransfer = _ => throw FakeI2cBus.Errno(errno);

        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(_bus.Sensor(0x10)));

        Assert.Equal(1, _bus[(I2cFailureCause)cause]);
        Assert.Equal(1, _bus.Metrics.I2cFailures.At("1").Sum);
    }

    [Fact]
    public async Task What_the_adapter_cannot_do_is_a_failure_and_not_a_chip_that_is_silent()
    {
        _bus.OnTransfer = _ => throw new NotSupportedException("the adapter lacks I2C_FUNC_I2C");

        Assert.Equal(Quality.Failed, await BusFixture.MeasureAsync(_bus.Sensor(0x10)));

        Assert.Equal(1, _bus[I2cFailureCause.Unsupported]);
    }

    [Fact]
    public async Task A_wrong_checksum_is_counted_once_a_measurement()
    {
        I2cSensor sensor = _bus.Sensor(0x10, onChip: chip => chip.Next = Measured.None(Quality.Checksum));

        Assert.Equal(Quality.Checksum, await BusFixture.MeasureAsync(sensor));

        Assert.Equal(1, _bus[I2cFailureCause.Checksum]);
    }

    [Theory]
    [InlineData(2, I2cFailureCause.NoBus)]
    [InlineData(13, I2cFailureCause.NoPermission)]
    public async Task A_bus_that_cannot_be_opened_is_opened_as_soon_as_it_can_be(int errno, object cause)
    {
        I2cSensor sensor = _bus.Sensor(0x10);
        _bus.OnOpen = () => throw FakeI2cBus.Errno(errno);
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(sensor));
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(sensor));
        Assert.Equal(2, _bus[(I2cFailureCause)cause]);
        Assert.False(sensor.IsPresent);

        _bus.OnOpen = () => { };

        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(sensor));
        Assert.True(sensor.IsPresent);
    }

    [Fact]
    public async Task A_bridge_that_was_unplugged_is_closed_at_once_and_opened_when_it_is_back()
    {
        I2cSensor sensor = _bus.Sensor(0x10);
        await BusFixture.MeasureAsync(sensor);
        _bus.OnTransfer = _ => throw FakeI2cBus.Errno(19);
        Assert.Equal(Quality.NoResponse, await BusFixture.MeasureAsync(sensor));
        Assert.True(Assert.Single(_bus.Opened).IsClosed);
        _bus.OnTransfer = _ => { };

        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(sensor));
        Assert.Equal(2, _bus.Opened.Count);
    }

    [Fact]
    public async Task A_listener_sees_failures_by_bus_and_cause()
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "edge_agent.i2c.failures")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        using var metrics = new AgentMetrics();
        metrics.I2cFailures.At("7").Add(I2cFailureCause.NoAcknowledge, 3);
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var by = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string)tag.Value!);
            seen[$"{by["bus"]} {by["cause"]}"] = value;
        });
        listener.Start();

        listener.RecordObservableInstruments();

        // Other tests have buses of their own; none has this one.
        Assert.Equal(3, seen["7 no_acknowledge"]);
        Assert.Equal(0, seen["7 bus_stuck"]);
    }
}
