using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Configuration;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Commands;

/// <summary>What a device runs, seen from beside it: its own file, and what lies in its state folder. Changes nothing; the agent may be running.</summary>
/// <param name="Own">The device's own file.</param>
/// <param name="Alone">The configuration that it is by itself.</param>
/// <param name="Folder">Where revisions lie.</param>
/// <param name="State">What is remembered of them.</param>
internal sealed record ConfigLayers(OwnFile Own, Layered Alone, string Folder, RevisionState State)
{
    /// <summary>Reads both, or prints all that is wrong with the own file.</summary>
    /// <exception cref="InvalidDataException">The state is damaged.</exception>
    public static bool TryRead(ParseResult parsed, Option<string> option, [NotNullWhen(true)] out ConfigLayers? layers)
    {
        layers = null;
        if (!OwnFile.TryRead(parsed.GetRequiredValue(option), out OwnFile own, out IReadOnlyList<ConfigError> errors)
            || !Layered.TryRead(own, out Layered? alone, out errors))
        {
            ConfigurationOption.Print(parsed, errors);
            return false;
        }
        string folder = RevisionStore.FolderIn(alone.Configuration.Device.StateFolder);
        layers = new ConfigLayers(own, alone, folder, RevisionStateFile.Read(folder));
        return true;
    }

    /// <summary>The document of a revision and what it makes of the own file.</summary>
    /// <exception cref="InvalidDataException">The document is damaged, or does not go with the own file.</exception>
    /// <exception cref="IOException">It is not there.</exception>
    public (ConfigNode Document, Layered Layered) Over(RevisionHeader header)
    {
        var revision = new Revision(header, File.ReadAllBytes(RevisionStore.DocumentPath(Folder, header)));
        return Layered.TryMerge(Own, revision, running: null, out Layered? layered, out IReadOnlyList<RevisionError> errors)
            ? (ConfigDocument.Read(revision.Document.Span, new ConfigErrors(""))!, layered)
            : throw new InvalidDataException($"Revision {header.Number} does not go with {Own.Path}:\n{string.Join('\n', errors)}");
    }

    /// <summary>What runs, or would after a start.</summary>
    public Layered Running() => State.Running.IsNone ? Alone : Over(State.Running).Layered;
}
