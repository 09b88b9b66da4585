using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.OneWire;

/// <summary>
/// A thermometer of the kernel's w1_therm driver: DS18B20 and its kin. The read converts, which takes up to 0.75 s. A sensor that has just got
/// its power, or lost it for a moment within the conversion, says exactly 85 °C with a right checksum; that is no reading unless it was about
/// as warm before.
/// </summary>
internal sealed class OneWireThermometer(HardwareRoot root, string id) : IBlockingDevice
{
    /// <summary>Two lines of 9 bytes take some 75 characters.</summary>
    private const int FileBytes = 256;

    /// <summary>10 K: more than a sensor in air or water warms between two reads, and far from where most of them live.</summary>
    private const double Near = 10;

    private readonly KernelFile _file = new(root.At($"/sys/bus/w1/devices/{id}/w1_slave"));
    private double _last = double.NaN;

    public string Description { get; } = $"1-Wire thermometer {id}";

    public IReadOnlyList<Quantity> Quantities { get; } = [new("temperature", "Cel", 4)];

    public bool IsPresent { get; private set; }

    public void Measure(Span<Measured> values)
    {
        Span<byte> buffer = stackalloc byte[FileBytes];
        Measured measured = _file.Read(buffer, out int length) is var read and not Quality.Good ? Measured.None(read) : ScratchpadText.Read(buffer[..length]);
        if (measured is { Quality: Quality.Good, Value: ScratchpadText.PowerUp } && !(Math.Abs(_last - ScratchpadText.PowerUp) <= Near))
        {
            measured = Measured.None(Quality.NotReady);
        }
        if (measured.Quality == Quality.Good)
        {
            _last = measured.Value;
        }
        IsPresent = measured.Quality != Quality.NoResponse;
        values[0] = measured;
    }

    public void Dispose() => _file.Dispose();
}
