using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class GpioAllocationTests
{
    [Theory]
    [InlineData(GpioMode.Level)]
    [InlineData(GpioMode.Edges)]
    [InlineData(GpioMode.Counter)]
    [InlineData(GpioMode.Quadrature)]
    public void An_edge_allocates_nothing(object mode)
    {
        using var fixture = new GpioFixture();
        SimulatedLine line = fixture.Chip.AddLine("a");
        fixture.Chip.AddLine("b");
        ILineMode meaning = (GpioMode)mode switch
        {
            GpioMode.Level => new LevelLine(fixture.Series(), TimeSpan.FromHours(1)),
            GpioMode.Edges => new EdgeLine(fixture.Series(), LineFlags.EdgeRising | LineFlags.EdgeFalling),
            GpioMode.Counter => new PulseCounter(new PulseOptions(), LineFlags.EdgeRising, 0),
            _ => new QuadratureDecoder(new PulseOptions(), fixture.Metrics),
        };
        LineConnection connection = fixture.Connect(GpioFixture.Options((GpioMode)mode, "a", "b"), meaning);
        var values = new Measured[2];
        long read = 0;
        void Round()
        {
            fixture.Pulse(line, 100);
            connection.Turn(isReady: true);
            if (meaning is ISampledLine sampled)
            {
                sampled.Sample(values, fixture.Gpio.Nanoseconds);
            }
            while (fixture.Channel.Reader.TryRead(out _))
            {
                read++;
            }
        }
        for (int warm = 0; warm < 50; warm++)
        {
            Round();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 200; round++)
        {
            Round();
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(read > 0 || values[0].Value > 0 || values[1].Quality == Quality.Good);
    }
}
