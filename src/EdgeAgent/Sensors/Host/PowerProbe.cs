using System.Globalization;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// Whether a Raspberry Pi has too little voltage or slows itself down. Its firmware says both in <c>get_throttled</c>, as hexadecimal bits (0
/// voltage, 1 frequency capped, 2 throttled, 3 temperature; from 16 on the same since the start); a kernel without that file has the hwmon chip
/// <c>rpi_volt</c>, whose alarm is the voltage.
/// </summary>
internal sealed class PowerProbe(HardwareRoot root) : IHostProbe
{
    private const int UnderVoltage = 1 << 0;
    private const int SlowedDown = (1 << 1) | (1 << 2) | (1 << 3);

    private KernelFile? _throttled;
    private CountFile? _alarm;

    public IReadOnlyList<Quantity> Find()
    {
        var voltage = new Quantity("power/undervoltage", "", 0, SeriesKind.Boolean);
        // soc:firmware on the Pi 4 and earlier, soc@107c000000:firmware on the Pi 5; soc_firmware where a folder stands for hardware, as Windows knows no colon.
        string? firmware = KernelText.Entries(root.At("/sys/devices/platform"), "soc*")
            .SelectMany(soc => KernelText.Entries(soc, "soc*firmware")).Select(folder => Path.Join(folder, "get_throttled")).FirstOrDefault(File.Exists);
        if (firmware is not null)
        {
            _throttled = new KernelFile(firmware);
            return [voltage, new Quantity("power/throttled", "", 0, SeriesKind.Boolean)];
        }
        DeviceSearch.Find(KernelText.Entries(root.At("/sys/class/hwmon"), "hwmon*"), "name", "rpi_volt", out string chip);
        string alarm = Path.Join(chip, "in0_lcrit_alarm");
        if (chip.Length > 0 && File.Exists(alarm))
        {
            _alarm = new CountFile(alarm);
            return [voltage];
        }
        return [];
    }

    public void Measure(Span<Measured> values)
    {
        values.Fill(Measured.None(Quality.Failed));
        if (_alarm?.TryRead() is { } raised)
        {
            values[0] = Measured.Good(raised == 0 ? 0 : 1);
        }
        Span<byte> buffer = stackalloc byte[32];
        if (_throttled is not null && _throttled.Read(buffer, out int length) == Quality.Good
            && uint.TryParse(buffer[..length].TrimEnd("\n"u8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint bits))
        {
            values[0] = Measured.Good((bits & UnderVoltage) == 0 ? 0 : 1);
            values[1] = Measured.Good((bits & SlowedDown) == 0 ? 0 : 1);
        }
    }

    public void Dispose()
    {
        _throttled?.Dispose();
        _alarm?.Dispose();
    }
}
