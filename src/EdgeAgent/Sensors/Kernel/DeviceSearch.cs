namespace EdgeAgent.Sensors.Kernel;

/// <summary>What came of looking for a device.</summary>
internal enum DeviceSearchOutcome
{
    Found,

    /// <summary>Not there: not plugged in, or its driver is not loaded. Look again later.</summary>
    None,

    /// <summary>The words fit more than one device. A person must say which.</summary>
    Several,
}

/// <summary>
/// Finds a device of the kernel by what stays the same: its name, its label, or a part of its path such as the address on its bus ("1-0076",
/// "spi0.0", "usb1/1-1.2"). The number in the name of its folder is given in the order in which drivers happen to start, and is not looked at.
/// </summary>
internal static class DeviceSearch
{
    /// <param name="folders">The folders of all devices of the kind, which are symbolic links on a real machine.</param>
    /// <param name="nameFile">The file with the name in each of them: "name", or "type".</param>
    /// <param name="wanted">What the configuration calls the device.</param>
    /// <param name="folder">The device's folder; with <see cref="DeviceSearchOutcome.Several"/> one of them.</param>
    public static DeviceSearchOutcome Find(IReadOnlyList<string> folders, string nameFile, string wanted, out string folder)
    {
        string[] matching = [.. folders.Where(candidate => Matches(candidate, nameFile, wanted))];
        folder = matching is [var first, ..] ? first : "";
        return matching.Length switch { 0 => DeviceSearchOutcome.None, 1 => DeviceSearchOutcome.Found, _ => DeviceSearchOutcome.Several };
    }

    private static bool Matches(string folder, string nameFile, string wanted) =>
        KernelText.TryRead(Path.Join(folder, nameFile)) == wanted
        || KernelText.TryRead(Path.Join(folder, "label")) == wanted
        || IsOnPath(folder, wanted);

    private static bool IsOnPath(string folder, string wanted)
    {
        // The last level is the numbered one.
        string? parent = Path.GetDirectoryName(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName);
        return parent is not null && $"{parent}/".Contains($"/{wanted}/", StringComparison.Ordinal);
    }
}
