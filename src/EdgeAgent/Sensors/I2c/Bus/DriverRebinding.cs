namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// Takes the adapter's device from its driver and gives it back, through sysfs (Documentation/driver-api/driver-model/binding.rst), which
/// resets the adapter. Whoever calls has closed the bus: the kernel waits with the removal of an adapter until its last user is gone.
/// <code>
/// /sys/bus/i2c/devices/i2c-1       → …/fe804000.i2c/i2c-1
/// …/fe804000.i2c/driver            → /sys/bus/platform/drivers/i2c-bcm2835
/// …/i2c-bcm2835/unbind, bind       ← "fe804000.i2c"
/// </code>
/// </summary>
internal sealed class DriverRebinding(HardwareRoot root, int bus)
{
    /// <summary>Kept over an unbinding whose binding failed: then neither link is there any more, and the binding alone is what is left to do.</summary>
    private (string Device, string Driver)? _found;

    public RecoveryOutcome Rebind()
    {
        try
        {
            if (Find() is { } bound)
            {
                _found = bound;
                Write(Path.Join(bound.Driver, "unbind"), bound.Device);
            }
            if (_found is not { } known)
            {
                return RecoveryOutcome.NotPossible;
            }
            Write(Path.Join(known.Driver, "bind"), known.Device);
            return RecoveryOutcome.Done;
        }
        catch (UnauthorizedAccessException)
        {
            return RecoveryOutcome.NotPermitted;
        }
        catch (IOException)
        {
            // No such file, or the driver refuses the device: it cannot be told here which, and the next round tries again.
            return RecoveryOutcome.NotPossible;
        }
    }

    private (string Device, string Driver)? Find()
    {
        if (Path.GetDirectoryName(TargetOf(root.At($"/sys/bus/i2c/devices/i2c-{bus}"))) is not { } device || TargetOf(Path.Join(device, "driver")) is not { } driver)
        {
            return null;
        }
        return (Path.GetFileName(device), driver);
    }

    private static string? TargetOf(string link) => Directory.Exists(link) ? Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName : null;

    private static void Write(string file, string text)
    {
        // Opened, never created: sysfs has files of its own only.
        using FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
