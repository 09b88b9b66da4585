using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

public sealed class BusChangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AgentMetrics _metrics = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_bus_stays_open_while_sensors_come_and_go_and_an_address_is_given_out_once()
    {
        using var fixture = new BusFixture();
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(fixture.Sensor(0x44)));
        fixture.Wire.Leave(0x44);
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(fixture.Sensor(0x45)));
        Assert.Equal(Quality.Good, await BusFixture.MeasureAsync(fixture.Sensor(0x44)));

        Assert.False(Assert.Single(fixture.Opened).IsClosed);
        Assert.Same(fixture.Wire.Device(0x44), fixture.Wire.Device(0x44));
        fixture.Wire.Dispose();
        Assert.True(fixture.Opened[0].IsClosed);
    }

    [Fact]
    public async Task A_bus_whose_other_chip_has_gone_is_known_to_be_stuck_by_those_that_are_left()
    {
        using var fixture = new BusFixture();
        await BusFixture.MeasureAsync(fixture.Sensor(0x44));
        I2cSensor left = fixture.Sensor(0x45);
        fixture.Wire.Leave(0x44);
        fixture.OnTransfer = _ => throw FakeI2cBus.Errno(110);
        for (int i = 0; i < BusHealth.Failures; i++)
        {
            await BusFixture.MeasureAsync(left);
        }

        Assert.Equal(1, fixture.Metrics.I2cStuck.At("1").Value);
        fixture.Wire.Dispose();
        Assert.Equal(0, fixture.Metrics.I2cStuck.At("1").Value);
    }

    [Fact]
    public async Task A_transfer_that_hangs_has_the_bus_until_it_comes_back_also_after_the_bus_was_closed()
    {
        using var hangs = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        using var fixture = new BusFixture();
        fixture.OnTransfer = _ =>
        {
            begun.Release();
            hangs.Wait(BusFixture.Patience);
        };
        Task<Quality> measuring = BusFixture.MeasureAsync(fixture.Sensor(0x44));
        Assert.True(await begun.WaitAsync(BusFixture.Patience));
        fixture.Wire.Dispose();

        Assert.Equal(Quality.NoResponse, await measuring);
        Assert.True(fixture.Wire.IsAtWork);
        hangs.Release(100);
        await Eventually.TrueAsync(() => !fixture.Wire.IsAtWork, BusFixture.Patience, "the transfer has come back");
    }

    [Fact]
    public async Task A_bus_is_there_while_it_has_a_sensor_and_what_did_not_change_is_the_same()
    {
        const string room = """{ "chip": "bme280", "series": "room" }""";
        const string light = """{ "chip": "bh1750", "series": "light" }""";
        using var source = new I2cSensorSource(Configuration(room), _metrics, TimeProvider.System, NullLogger<I2cWire>.Instance);
        SensorPlan first = source.Sensors.Single();
        Assert.All(await MeasureAsync(first), value => Assert.Equal(Quality.Good, value.Quality));

        await ApplyAsync(source, Configuration(light, room));
        Assert.Equal(1, source.Buses);
        Assert.Same(first, source.Sensors.First());
        foreach (SensorPlan plan in source.Sensors)
        {
            Assert.All(await MeasureAsync(plan), value => Assert.Equal(Quality.Good, value.Quality));
        }

        await ApplyAsync(source, Configuration(light));
        Assert.Equal("light", source.Sensors.Single().Options.Series);
        Assert.Equal(1, source.Buses);
        // Its chip has been taken off the bus.
        Assert.All(await MeasureAsync(first), value => Assert.Equal(Quality.NoResponse, value.Quality));

        await ApplyAsync(source, Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}} }"""));
        Assert.Equal(0, source.Buses);
    }

    [Fact]
    public async Task What_a_bus_says_for_all_its_sensors_changes_all_of_them()
    {
        const string sensors = """ "sensors": [ { "chip": "bme280", "series": "a" }, { "chip": "bh1750", "series": "b" } ] """;
        AgentConfiguration slower = Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "i2c": [ { "bus": "simulated", "seed": 2, {{sensors}} } ] }""");
        using var source = new I2cSensorSource(
            Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "i2c": [ { "bus": "simulated", {{sensors}} } ] }"""), _metrics, TimeProvider.System, NullLogger<I2cWire>.Instance);
        SensorPlan[] before = [.. source.Sensors];

        Assert.Equal(before, source.Ending(slower));
        await ApplyAsync(source, slower);

        Assert.Equal(2, source.Sensors.Count());
        Assert.Empty(before.Intersect(source.Sensors));
    }

    private static async Task ApplyAsync(I2cSensorSource source, AgentConfiguration next)
    {
        await source.RetireAsync(next, CancellationToken.None);
        await source.BeginAsync(next, CancellationToken.None);
    }

    private static async Task<Measured[]> MeasureAsync(SensorPlan plan)
    {
        var values = new Measured[plan.Sensor.Quantities.Count];
        await plan.Sensor.MeasureAsync(values, CancellationToken.None);
        return values;
    }

    private AgentConfiguration Configuration(params string[] sensors) =>
        Read.Sound(_folder, $$"""{ {{Read.Cloud(_folder)}}, "i2c": [ { "bus": "simulated", "sensors": [ {{string.Join(", ", sensors)}} ] } ] }""");
}
