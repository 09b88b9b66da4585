using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Bundle;

/// <summary>Every secret that the device is known to have: those of the configuration, wherever they come from, of the environment and of the unit, and private keys.</summary>
internal static class SecretTexts
{
    /// <summary>A password is shorter, and a key in PEM too.</summary>
    private const int LongestFile = 64 << 10;

    /// <summary>The lines of a key that are not the same in every key.</summary>
    private const int ShortestKeyLine = 16;

    /// <summary>A variable of the unit: a shorter one is "true" or a level, and would be taken out of all that says so.</summary>
    private const int ShortestVariable = 6;

    public static async Task<IReadOnlyList<string>> OfAsync(ExaminedDevice device)
    {
        var found = new List<string>();
        string folder = Path.GetDirectoryName(Path.GetFullPath(device.ConfigurationFile)) ?? "/";
        if (device.Document is { } document)
        {
            Add(found, document, folder, device.Environment);
        }
        foreach (string name in (string[])["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
        {
            AddLogin(found, device.Environment(name) ?? "");
        }
        if (await device.UnitAsync().ConfigureAwait(false) is { } unit)
        {
            foreach (string variable in unit["Environment"].Split(' ').Where(static variable => !variable.StartsWith("DOTNET_", StringComparison.Ordinal)))
            {
                string value = variable[(variable.IndexOf('=', StringComparison.Ordinal) + 1)..];
                if (value.Length >= ShortestVariable)
                {
                    found.Add(value);
                }
                AddLogin(found, value);
            }
        }
        foreach (string file in Keys(device.Known))
        {
            found.AddRange((TryRead(file) ?? "").Split('\n').Where(static line => line.Length >= ShortestKeyLine && !line.StartsWith('-')));
        }
        return found;
    }

    /// <summary>A secret is a section with one key: "value", "file" or "environment" (<see cref="Secret"/>). A login may also stand in any address.</summary>
    private static void Add(List<string> found, ConfigNode node, string folder, Func<string, string?> environment)
    {
        switch (node)
        {
            case { Kind: ConfigNodeKind.Section, Members: [{ Name: "value" or "file" or "environment", Value: { Kind: ConfigNodeKind.Text } one }] }:
                found.Add((node.Members[0].Name switch
                {
                    "value" => one.Text,
                    "file" => TryRead(Path.GetFullPath(one.Text, folder)),
                    _ => environment(one.Text),
                } ?? "").TrimEnd('\r', '\n'));
                break;
            case { Kind: ConfigNodeKind.Text }:
                AddLogin(found, node.Text);
                break;
            default:
                foreach (ConfigNode inner in node.Items.Concat(node.Members.Select(static member => member.Value)))
                {
                    Add(found, inner, folder, environment);
                }
                break;
        }
    }

    /// <summary>The user part of an address, whole and in its halves, as it is written and as it is meant.</summary>
    private static void AddLogin(List<string> found, string address)
    {
        int begin = address.IndexOf("://", StringComparison.Ordinal), end = address.LastIndexOf('@');
        string login = begin >= 0 && end > begin ? address[(begin + 3)..end] : "";
        foreach (string part in login.Split(':', 2).Append(login))
        {
            found.AddRange([part, Uri.UnescapeDataString(part)]);
        }
    }

    private static IEnumerable<string> Keys(AgentConfiguration configuration) =>
    [
        .. configuration.Identity is { } identity ? KernelText.Entries(identity.Folder, "*.key") : [],
        .. ((string?[])[configuration.Cloud.KeyFile, configuration.Identity?.KeyFile]).OfType<string>(),
        .. configuration.Brokers.Select(static broker => broker.KeyFile).Concat(configuration.Intakes.Select(static intake => intake.KeyFile)).OfType<string>(),
    ];

    private static string? TryRead(string file) => new FileInfo(file) is { Exists: true, Length: <= LongestFile } ? KernelText.TryRead(file) : null;
}
