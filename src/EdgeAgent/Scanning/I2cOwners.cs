using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Scanning;

/// <summary>
/// Which addresses of a bus belong to a driver of the kernel.
/// <code>
/// /sys/bus/i2c/devices/1-0076/name      bme280
/// …/1-0076/driver                       → /sys/bus/i2c/drivers/bmp280
/// </code>
/// </summary>
internal sealed class I2cOwners(HardwareRoot root, int bus)
{
    /// <param name="address">7 bits.</param>
    /// <param name="name">What the board's description, or who told the kernel of it, calls the chip.</param>
    /// <param name="driver">The driver.</param>
    /// <returns>False where no driver has it, also where the kernel was told of a chip and has no driver for it.</returns>
    public bool TryGet(int address, out string name, out string driver)
    {
        string folder = root.At($"/sys/bus/i2c/devices/{bus}-00{address:x2}");
        var link = new DirectoryInfo(Path.Join(folder, "driver"));
        name = KernelText.TryRead(Path.Join(folder, "name")) ?? "";
        driver = link.Exists ? Path.GetFileName(link.LinkTarget ?? link.Name) : "";
        return link.Exists;
    }
}
