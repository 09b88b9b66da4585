using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>A whole configuration: the device's own file, and a revision over it where there is one.</summary>
/// <param name="Header">The revision; <see cref="RevisionHeader.None"/> for the own file alone.</param>
/// <param name="Merged">What both say together.</param>
/// <param name="Configuration">The same, read.</param>
internal sealed record Layered(RevisionHeader Header, ConfigNode Merged, AgentConfiguration Configuration)
{
    /// <summary>What is in force, as a person at the device is told.</summary>
    public string Words => Header.IsNone ? "The device's own configuration is in force." : $"Revision {Header.Number} of the configuration is in force.";

    /// <summary>The own file alone.</summary>
    public static bool TryRead(OwnFile own, [NotNullWhen(true)] out Layered? layered, out IReadOnlyList<ConfigError> errors)
    {
        layered = null;
        if (own.TryRead(out AgentConfiguration? configuration, out errors))
        {
            layered = new Layered(RevisionHeader.None, ConfigDocument.Read(own.Content.Span, new ConfigErrors(own.Path))!, configuration);
        }
        return layered is not null;
    }

    /// <summary>The own file and a revision over it. Everything that is wrong is told at once.</summary>
    /// <param name="own">The device's own file.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="running">What runs, which the revision may not change in everything; null for one that was let in before.</param>
    /// <param name="layered">Both together.</param>
    /// <param name="errors">What is wrong.</param>
    public static bool TryMerge(OwnFile own, Revision revision, Layered? running, [NotNullWhen(true)] out Layered? layered, out IReadOnlyList<RevisionError> errors)
    {
        (layered, errors) = (null, []);
        string name = $"revision {revision.Header.Number}";
        if (revision.Document.Length > Revision.MaximumBytes)
        {
            errors = [new RevisionError("", $"The document has {revision.Document.Length} bytes, and a device takes {Revision.MaximumBytes} at most. Make it smaller.")];
            return false;
        }
        if (RevisionHeader.HashOf(revision.Document.Span) != revision.Header.Hash)
        {
            errors = [new RevisionError("", "The document does not have the hash that the revision says. Send it again.")];
            return false;
        }
        var found = new ConfigErrors(name);
        ConfigNode? patch = ConfigDocument.Read(revision.Document.Span, found);
        if (patch is not null && patch.Kind != ConfigNodeKind.Section)
        {
            found.Add(patch, $"This is {patch.Describe()} where a section {{ … }} belongs. Change it.");
        }
        ConfigNode? file = ConfigDocument.Read(own.Content.Span, new ConfigErrors(own.Path));
        if (patch is not { Kind: ConfigNodeKind.Section } || file is null)
        {
            errors = file is null ? [new RevisionError("", "The device's own file is not JSON.")] : Told(found.InOrder());
            return false;
        }
        ConfigNode merged = MergePatch.Apply(file, patch);
        AgentConfiguration.TryRead(
            Encoding.UTF8.GetBytes(merged.Canonical), name, own.Folder, out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> wrong);
        // The own file may be wrong by itself where the revision puts it right; what it alone decides is then judged by what both say.
        own.TryRead(out AgentConfiguration? alone, out _);
        errors =
        [
            .. Told(found.InOrder()),
            .. DeviceOwned.Violations(patch, alone ?? configuration ?? new AgentConfiguration(), own.Folder),
            .. running is null ? [] : Bootstrap.Violations(Bootstrap.Differences(running.Merged, merged), revision.Header, running.Configuration.Remote),
            .. Told(wrong),
        ];
        layered = errors.Count == 0 ? new Layered(revision.Header, merged, configuration!) : null;
        return layered is not null;
    }

    /// <summary>With line and column where the document itself is broken: there is no pointer to that.</summary>
    private static IReadOnlyList<RevisionError> Told(IReadOnlyList<ConfigError> errors) => [.. errors.Select(static error => new RevisionError(
        error.Pointer, error.Pointer.Length == 0 ? $"Line {error.Position.Line}, column {error.Position.Column}: {error.Message}" : error.Message))];
}
