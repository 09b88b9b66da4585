using System.Text;
using EdgeAgent.Protocol;

namespace EdgeAgent.Configuration;

/// <content>Keys whose values are more than one value: sections, lists, labels; and those that name something outside.</content>
internal sealed partial class ConfigSection
{
    /// <summary>A section of its own; an empty one where the key is missing, so that its defaults are read the same way.</summary>
    public ConfigSection Section(string key)
    {
        ConfigNode? value = Ask(key, null, ConfigNodeKind.Section, "a section { … }");
        return reading.Open(value ?? new ConfigNode(ConfigNodeKind.Section, $"{node.Pointer}/{key}", node.Position));
    }

    /// <returns>Null where the key is missing.</returns>
    public ConfigSection? OptionalSection(string key)
    {
        ConfigNode? value = Ask(key, null, ConfigNodeKind.Section, "a section { … }");
        return value is null ? null : reading.Open(value);
    }

    /// <summary>A list of sections; empty where the key is missing.</summary>
    public IReadOnlyList<ConfigSection> Sections(string key, bool required = false)
    {
        ConfigNode? list = Ask(key, null, ConfigNodeKind.List, "a list [ … ]", required);
        if (list is not null && required && list.Items.Count == 0)
        {
            reading.Errors.Add(list, "This list is empty. Add at least one section to it.");
        }
        var sections = new List<ConfigSection>();
        foreach (ConfigNode item in list?.Items ?? [])
        {
            if (item.Kind == ConfigNodeKind.Section)
            {
                sections.Add(reading.Open(item));
            }
            else
            {
                reading.Errors.Add(item, $"This is {item.Describe()} where a section {{ … }} belongs. Change it.");
            }
        }
        return sections;
    }

    /// <summary>Key/value pairs that name nothing the agent knows.</summary>
    public IReadOnlyDictionary<string, string> Labels(string key)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        ConfigNode? section = Ask(key, null, ConfigNodeKind.Section, "a section of texts");
        foreach (ConfigMember member in section?.Members ?? [])
        {
            if (member.Value.Kind != ConfigNodeKind.Text)
            {
                reading.Errors.Add(member.Value, $"This is {member.Value.Describe()} where a text belongs. Put it in quotes.");
            }
            else if (Encoding.UTF8.GetByteCount(member.Name) is 0 or > SeriesDefinitionRules.MaximumLabelKeyBytes
                || Encoding.UTF8.GetByteCount(member.Value.Text) > SeriesDefinitionRules.MaximumLabelValueBytes)
            {
                string limits = $"1 to {SeriesDefinitionRules.MaximumLabelKeyBytes} bytes, its value at most {SeriesDefinitionRules.MaximumLabelValueBytes}";
                reading.Errors.Add(member.Value, $"A label's name has {limits}. Shorten it.");
            }
            else
            {
                labels[member.Name] = member.Value.Text;
            }
        }
        if (labels.Count > SeriesDefinitionRules.MaximumLabels)
        {
            Report(key, $"There are {labels.Count} labels here; a series has at most {SeriesDefinitionRules.MaximumLabels}. Remove some.");
        }
        return labels;
    }

    /// <summary>A file that must be there and readable. Relative paths count from the configuration file's folder.</summary>
    public string? ExistingFile(string key, bool required = false)
    {
        string? path = Text(key, required);
        if (path is null)
        {
            return null;
        }
        string full = reading.FullPath(path);
        try
        {
            using FileStream readable = System.IO.File.OpenRead(full);
            return full;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            Report(key, $"There is no file {full}. Put it there or correct the path.");
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            Report(key, $"The file {full} cannot be read ({failure.Message}). Let the agent's user read it.");
        }
        return full;
    }

    /// <summary>A file that need not be there. Relative paths count from the configuration file's folder.</summary>
    public string? File(string key) => Text(key) is { } path ? reading.FullPath(path) : null;

    /// <summary>A path that need not exist yet.</summary>
    public string Folder(string key, string fallback) => reading.FullPath(Text(key, fallback));

    /// <summary>A list of texts; empty where the key is missing.</summary>
    public IReadOnlyList<ConfigNode> Texts(string key)
    {
        ConfigNode? list = Ask(key, null, ConfigNodeKind.List, "a list [ … ]");
        if (list is not null && list.Items.Count == 0)
        {
            reading.Errors.Add(list, "This list is empty. Add at least one text to it.");
        }
        var texts = new List<ConfigNode>();
        foreach (ConfigNode item in list?.Items ?? [])
        {
            if (item.Kind == ConfigNodeKind.Text)
            {
                texts.Add(item);
            }
            else
            {
                reading.Errors.Add(item, $"This is {item.Describe()} where a text belongs. Put it in quotes.");
            }
        }
        return texts;
    }

    /// <summary>Reports something about one value of a key.</summary>
    public void Report(ConfigNode value, string message) => reading.Errors.Add(value, message);

    /// <summary>scheme://host:port without path, query and user. Each scheme that is allowed comes with its usual port.</summary>
    public Uri? Address(string key, bool required, params ReadOnlySpan<(string Scheme, int Port)> schemes) =>
        Ask(key, null, ConfigNodeKind.Text, "a text", required) is { } value ? Address(value, schemes) : null;

    /// <inheritdoc cref="Address(string, bool, ReadOnlySpan{ValueTuple{string, int}})"/>
    public Uri? Address(ConfigNode value, params ReadOnlySpan<(string Scheme, int Port)> schemes)
    {
        bool isAddress = Uri.TryCreate(value.Text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0;
        foreach ((string scheme, int port) in schemes)
        {
            if (isAddress && uri!.Scheme == scheme)
            {
                if (uri.PathAndQuery is not ("/" or "") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
                {
                    Report(value, "Only scheme, host and port belong here. Remove what comes after or before them; users and passwords have keys of their own.");
                    return null;
                }
                return uri.Port < 0 ? new UriBuilder(uri) { Port = port }.Uri : uri;
            }
        }
        var examples = new StringBuilder();
        foreach ((string scheme, int port) in schemes)
        {
            examples.Append(examples.Length == 0 ? "" : " or ").Append(scheme).Append("://host:").Append(port);
        }
        Report(value, $"\"{value.Text}\" is not an address. Write {examples}.");
        return null;
    }
}
