using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingPhaseTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly SamplingPhase Spread = new(PhaseKind.Spread);

    /// <summary>Another hash would move every sensor of every fleet with an update.</summary>
    [Fact]
    public void A_spread_phase_is_the_same_in_every_version() =>
        Assert.Equal(TimeSpan.FromMilliseconds(3540), Spread.Within(Interval, "gateway-7", "cabinet/air"));

    [Fact]
    public void Spread_phases_fill_the_interval_over_sensors_and_over_devices()
    {
        int[] overSensors = Tenths(i => Spread.Within(Interval, "gateway", $"cabinet-{i}/air"));
        int[] overDevices = Tenths(i => Spread.Within(Interval, $"gateway-{i}", "cabinet/air"));

        // A hundred to each tenth, and four standard deviations.
        Assert.All(overSensors.Concat(overDevices), count => Assert.InRange(count, 60, 140));
    }

    [Theory]
    [InlineData("aligned", 0)]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    public void The_configuration_says_the_phase(string phase, int milliseconds)
    {
        SensorOptions options = SamplingFixture.Configure(Document("1s", phase)).I2cBuses[0].Sensors[0].Sampling;
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), options.Phase.Within(options.Interval, "gateway", "s"));
        Assert.Equal(PhaseKind.Spread, SamplingFixture.Configure(Document("1ms", "spread")).I2cBuses[0].Sensors[0].Sampling.Phase.Kind);
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("later")]
    public void A_phase_that_is_none_is_an_error_that_says_what_to_write(string phase)
    {
        byte[] document = Encoding.UTF8.GetBytes(Document("1s", phase));
        Assert.False(AgentConfiguration.TryRead(document, "agent.json", "/", out _, out IReadOnlyList<ConfigError> errors));
        Assert.Contains("a duration shorter than the interval", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    private static string Document(string interval, string phase) => $$"""
        { "cloud": { "endpoint": "https://h:1" },
          "i2c": [{ "bus": 1, "sensors": [{ "chip": "sht3x", "series": "s", "interval": "{{interval}}", "phase": "{{phase}}" }] }] }
        """;

    private static int[] Tenths(Func<int, TimeSpan> phase)
    {
        int[] counts = new int[10];
        for (int i = 0; i < 1_000; i++)
        {
            TimeSpan at = phase(i);
            Assert.InRange(at, TimeSpan.Zero, Interval - TimeSpan.FromTicks(1));
            counts[(int)(at / Interval * 10)]++;
        }
        return counts;
    }
}
