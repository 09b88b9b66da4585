using System.Globalization;
using EdgeAgent.Sensors.Gpio;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>Finds the lines of a bus among those of the GPIO chips.</summary>
internal sealed class GpioBusLinesSource(IGpioDevices devices) : IBusLinesSource
{
    public IBusLines Request(string scl, string sda)
    {
        (ChipSelector? chip, LineSelector clock) = Parse(scl);
        (_, LineSelector data) = Parse(sda);
        var address = new LineAddress(chip, [clock, data]);
        LineOutcome outcome = OpenDrainLines.TryRequest(devices, address, out OpenDrainLines? lines);
        return outcome switch
        {
            LineOutcome.Ready => new GpioBusLines(lines!),
            LineOutcome.Denied => throw new UnauthorizedAccessException(LineObstacle.Describe(outcome, address, "")),
            _ => throw new IOException(LineObstacle.Describe(outcome, address, "")),
        };
    }

    /// <summary>"GPIO3", the name of a line, or "pinctrl-bcm2711:3", its number on a chip.</summary>
    private static (ChipSelector? Chip, LineSelector Line) Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
            ? (new ChipSelector(text[..colon], 0), new LineSelector(null, offset))
            : (null, new LineSelector(text, 0));
    }
}
