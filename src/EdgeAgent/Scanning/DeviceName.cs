using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Scanning;

/// <summary>What a device of the kernel is called in a configuration, so that <see cref="DeviceSearch"/> finds it and no other.</summary>
internal static class DeviceName
{
    /// <summary>Its name, else its label, else the nearest part of its path that no other has. Null where there is none.</summary>
    /// <param name="folders">The folders of all devices of the kind.</param>
    /// <param name="folder">The one of this device.</param>
    public static string? Of(IReadOnlyList<string> folders, string folder) =>
        Words(folder).FirstOrDefault(word => DeviceSearch.Find(folders, "name", word, out string found) == DeviceSearchOutcome.Found && found == folder);

    private static IEnumerable<string> Words(string folder)
    {
        foreach (string file in (string[])["name", "label"])
        {
            if (KernelText.TryRead(Path.Join(folder, file)) is { Length: > 0 } word)
            {
                yield return word;
            }
        }
        string? path = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        while ((path = Path.GetDirectoryName(path)) is not null)
        {
            yield return Path.GetFileName(path);
        }
    }
}
