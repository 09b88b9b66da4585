using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>What the device's own file alone decides. A revision that says anything about it is refused, also where it says the same.</summary>
internal static class DeviceOwned
{
    /// <summary>As paths of keys. A section stands for everything in it.</summary>
    private static readonly string[][] Keys =
    [
        ["identity"], ["remote"], ["local"], ["device", "state"], ["device", "hardware"], ["spool", "path"], ["cloud", "certificate"], ["cloud", "key"],
    ];

    /// <summary>One error for each thing in a revision that is not its to say.</summary>
    /// <param name="revision">The revision's document.</param>
    /// <param name="own">What the device's own file says.</param>
    /// <param name="folder">What relative paths count from.</param>
    public static IEnumerable<RevisionError> Violations(ConfigNode revision, AgentConfiguration own, string folder)
    {
        foreach (string[] key in Keys)
        {
            if (Find(revision, key) is { } said)
            {
                yield return said.Pointer.Count(static letter => letter == '/') == key.Length
                    ? new RevisionError(said.Pointer, "This belongs to the device's own file. Remove it from the revision.")
                    : new RevisionError(said.Pointer, $"This would take away \"{string.Join('.', key)}\", which belongs to the device's own file. Remove it from the revision.");
            }
        }
        foreach (RevisionError secret in Secrets(revision, own, folder))
        {
            yield return secret;
        }
    }

    /// <summary>
    /// What a revision says about a key: the value itself, or something that is no section where one on the way to it belongs, which would take its place.
    /// </summary>
    private static ConfigNode? Find(ConfigNode node, ReadOnlySpan<string> key)
    {
        foreach (string name in key)
        {
            if (node.Kind != ConfigNodeKind.Section)
            {
                return node;
            }
            if (node.Members.FirstOrDefault(member => member.Name == name) is not { } member)
            {
                return null;
            }
            node = member.Value;
        }
        return node;
    }

    /// <summary>
    /// Texts that name the device's key, or anything in its state folder. Else whoever configures a broker could have the agent show it the key, as a password.
    /// </summary>
    private static IEnumerable<RevisionError> Secrets(ConfigNode node, AgentConfiguration own, string folder)
    {
        if (node.Kind == ConfigNodeKind.Text && node.Text.Length > 0 && !node.Text.Contains('\0', StringComparison.Ordinal))
        {
            string path = Path.GetFullPath(node.Text, folder);
            if (path == own.Cloud.KeyFile || path.StartsWith(Path.TrimEndingDirectorySeparator(own.Device.StateFolder) + "/config/", StringComparison.Ordinal)
                || path.StartsWith(Path.TrimEndingDirectorySeparator(own.Device.StateFolder) + "/identity/", StringComparison.Ordinal))
            {
                yield return new RevisionError(node.Pointer, "This names a file that is the agent's own secret. Name another one.");
            }
        }
        foreach (ConfigNode inner in node.Items.Concat(node.Members.Select(static member => member.Value)))
        {
            foreach (RevisionError error in Secrets(inner, own, folder))
            {
                yield return error;
            }
        }
    }
}
