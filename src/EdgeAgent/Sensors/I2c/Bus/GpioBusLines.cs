using EdgeAgent.Sensors.Gpio;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>The wires of a bus, through GPIO lines that are wired to them.</summary>
internal sealed class GpioBusLines(OpenDrainLines lines) : IBusLines
{
    // Both let go, as they are when they are taken.
    private bool _clock = true;
    private bool _data = true;

    public bool IsSclHigh() => Read().Clock;

    public bool IsSdaHigh() => Read().Data;

    public void SetScl(bool high)
    {
        _clock = high;
        Drive();
    }

    public void SetSda(bool high)
    {
        _data = high;
        Drive();
    }

    public void Dispose() => lines.Dispose();

    private void Drive()
    {
        if (!lines.TryDrive(_clock, _data))
        {
            throw NoAnswer();
        }
    }

    private (bool Clock, bool Data) Read() => lines.TryRead(out bool clock, out bool data) ? (clock, data) : throw NoAnswer();

    private static IOException NoAnswer() => new("The GPIO chip of the bus's lines does not answer.");
}
