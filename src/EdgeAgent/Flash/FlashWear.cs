using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Sensors;

namespace EdgeAgent.Flash;

/// <summary>
/// How worn an eMMC says that it is: <c>life_time</c> beside its block device in sysfs (JESD84-B51, DEVICE_LIFE_TIME_EST_TYP_A and B), such as "0x01 0x02". Each
/// step is a tenth of its life; 0x0b is beyond all of it. SD cards and disks on USB say nothing.
/// </summary>
internal static class FlashWear
{
    private const int Undefined = 0, Step = 10; // percent

    /// <summary>The worse one of the two estimates, in percent of the life that is used at most.</summary>
    /// <returns>Null where the device does not say.</returns>
    public static int? TryRead(string folder)
    {
        try
        {
            return Mount.Find(Mount.Table(HardwareRoot.Kernel), Path.GetFullPath(folder)) is { } mount
                && Directory.ResolveLinkTarget($"/sys/dev/block/{mount.Device}", returnFinalTarget: true) is { } block
                ? TryReadOf(block.FullName) ?? TryReadOf(Path.GetDirectoryName(block.FullName)!) // of a partition its disk has it
                : null;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static int? TryParse(string text) => TryParseSteps(text) * Step;

    /// <summary>The larger one of the two kinds of memory, as it is written: <c>life_time</c> and <c>pre_eol_info</c> alike.</summary>
    /// <returns>Null where the device does not say.</returns>
    public static int? TryParseSteps(string text)
    {
        int worst = Undefined;
        foreach (string word in text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.StartsWith("0x", StringComparison.Ordinal) || !int.TryParse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int tenths))
            {
                return null;
            }
            worst = Math.Max(worst, tenths);
        }
        return worst == Undefined ? null : worst;
    }

    private static int? TryReadOf(string block)
    {
        string file = Path.Combine(block, "device", "life_time");
        return File.Exists(file) ? TryParse(File.ReadAllText(file)) : null;
    }
}
