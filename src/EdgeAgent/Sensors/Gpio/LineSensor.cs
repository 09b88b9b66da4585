using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>What the edges of a line add up to, for the sampler. It first takes what waits in the kernel's queue, so that a value is as of now.</summary>
internal sealed class LineSensor(LineConnection connection, ISampledLine line, IGpioDevices devices) : ISensor
{
    public string Description => connection.Description;

    public IReadOnlyList<Quantity> Quantities => line.Quantities;

    public bool IsPresent => connection.IsConnected;

    public ValueTask MeasureAsync(Measured[] values, CancellationToken cancellationToken)
    {
        if (connection.CatchUp())
        {
            line.Sample(values, devices.Nanoseconds);
        }
        else
        {
            Array.Fill(values, Measured.None(Quality.NoResponse));
        }
        return ValueTask.CompletedTask;
    }
}
