using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteConfig;

/// <summary>The file that the device was installed with, as it was read at one moment.</summary>
/// <param name="Path">As errors name it.</param>
/// <param name="Folder">What relative paths count from, of revisions too.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record OwnFile(string Path, string Folder, ReadOnlyMemory<byte> Content)
{
    public string Hash { get; } = RevisionHeader.HashOf(Content.Span);

    /// <summary>Reads the file. One that cannot be read gives one error.</summary>
    public static bool TryRead(string path, out OwnFile file, out IReadOnlyList<ConfigError> errors)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            (file, errors) = (new OwnFile(path, System.IO.Path.GetDirectoryName(full) ?? "/", File.ReadAllBytes(full)), []);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file = new OwnFile(path, "/", default);
            errors = [AgentConfiguration.Unreadable(path, failure)];
            return false;
        }
    }

    /// <summary>The configuration that it is by itself.</summary>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors) =>
        AgentConfiguration.TryRead(Content.Span, Path, Folder, out configuration, out errors);
}
