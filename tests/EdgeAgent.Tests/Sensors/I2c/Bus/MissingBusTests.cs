using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.I2c.Bus;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Tests.Sensors.I2c.Bus;

/// <summary>As the host builds it, over the kernel of this machine, which has no such bus.</summary>
public sealed class MissingBusTests
{
    [Fact]
    public async Task A_bus_that_the_kernel_does_not_have_costs_its_sensors_their_values_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        AgentConfiguration configuration = Read.Sound(folder, $$"""
            { {{Read.Cloud(folder)}}, "i2c": [
              { "bus": 9999, "sensors": [{ "chip": "bme280", "series": "real" }] },
              { "bus": "simulated", "sensors": [{ "chip": "bme280", "series": "demo" }] } ] }
            """);
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging().AddSingleton(configuration).AddSingleton<AgentMetrics>().AddSingleton(TimeProvider.System).AddI2cSensors(configuration).BuildServiceProvider();
        SensorPlan[] plans = [.. services.GetRequiredService<ISensorSource>().Sensors];
        var values = new Measured[3];

        await plans[0].Sensor.MeasureAsync(values, CancellationToken.None);
        Assert.All(values, value => Assert.Equal(Measured.None(Quality.NoResponse), value));
        Assert.Equal(1, services.GetRequiredService<AgentMetrics>().I2cFailures.At("9999")[I2cFailureCause.NoBus]);

        await plans[1].Sensor.MeasureAsync(values, CancellationToken.None);
        Assert.All(values, value => Assert.Equal(Quality.Good, value.Quality));
    }
}
