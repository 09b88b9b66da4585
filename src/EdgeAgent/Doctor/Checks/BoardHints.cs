using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Checks;

/// <summary>How a bus is switched on, on this board.</summary>
/// <param name="I2c">For I2C.</param>
/// <param name="OneWire">For 1-Wire.</param>
internal sealed record BoardHints(string I2c, string OneWire)
{
    private static readonly BoardHints RaspberryPi = new(
        "Write dtparam=i2c_arm=on into /boot/firmware/config.txt (or raspi-config, Interface Options, I2C), then reboot.",
        "Write dtoverlay=w1-gpio into /boot/firmware/config.txt (or raspi-config, Interface Options, 1-Wire), then reboot.");

    private static readonly BoardHints Other = new(
        "Switch the bus on in the board's device tree, load i2c-dev, and look with edge-agent scan which number it has.",
        "Load a 1-Wire master's driver (such as w1-gpio by an overlay) and w1_therm.");

    public static BoardHints Of(HardwareRoot root) =>
        KernelText.TryRead(root.At("/proc/device-tree/model"))?.Contains("Raspberry Pi", StringComparison.Ordinal) == true ? RaspberryPi : Other;
}
