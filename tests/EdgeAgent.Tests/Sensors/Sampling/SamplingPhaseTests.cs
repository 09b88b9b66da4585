using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;

namespace EdgeAgent.Tests.Sensors.Sampling;

public sealed class SamplingPhaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly SamplingPhase Spread = new(PhaseKind.Spread);

    public void Dispose() => _folder.Dispose();

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
        SensorOptions options = Read.Sound(_folder, Document(phase)).I2cBuses[0].Sensors[0].Sampling;
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), options.Phase.Within(options.Interval, "gateway", "s"));
    }

    [Fact]
    public void The_configuration_can_ask_for_spread_phases() =>
        Assert.Equal(PhaseKind.Spread, Read.Sound(_folder, Document("spread")).I2cBuses[0].Sensors[0].Sampling.Phase.Kind);

    [Theory]
    [InlineData("1s")]
    [InlineData("later")]
    public void A_phase_that_is_none_is_an_error_that_says_what_to_write(string phase) =>
        Assert.Contains("a duration shorter than the interval", Assert.Single(Read.Errors(_folder, Document(phase))), StringComparison.Ordinal);

    private string Document(string phase) => $$"""
        { {{Read.Cloud(_folder)}}, "i2c": [{ "bus": 1, "sensors": [{ "chip": "sht3x", "series": "s", "interval": "1s", "phase": "{{phase}}" }] }] }
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
