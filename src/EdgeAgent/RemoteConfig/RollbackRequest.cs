using System.Globalization;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// A person's wish to leave the present revision for the one before, in the file <c>rollback</c> of the store's folder:
/// <code>
/// request := number LF          of the revision to leave, so that a wish that was overtaken is void
/// </code>
/// Taken at the next start, or when the agent is told to read its file again.
/// </summary>
internal static class RollbackRequest
{
    private const string Name = "rollback";
    private const int MaximumBytes = 32;

    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string folder, ulong number) =>
        DurableFile.Replace(Path.Combine(folder, Name), System.Text.Encoding.ASCII.GetBytes($"{number}\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>Whether somebody wants to leave this revision. A wish about another one is as good as none.</summary>
    public static bool IsFor(RevisionHeader revision, string folder)
    {
        var file = new FileInfo(Path.Combine(folder, Name));
        return !revision.IsNone && file.Exists && file.Length <= MaximumBytes
            && ulong.TryParse(File.ReadAllText(file.FullName).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            && number == revision.Number;
    }

    /// <summary>Once what it wants is in the state: until then a power cut must not take it away.</summary>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, Name));
}
