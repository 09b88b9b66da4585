using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Spooling.Files;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// Revisions on the disk, in the folder <c>config</c> of the device's state:
/// <code>
/// state.json            what is true (<see cref="RevisionStateFile"/>); the only file that is ever replaced
/// HASH.json             the document of a revision that the state names, byte for byte as it came
/// *.corrupt-N           what was damaged, for a person to look at; the newest eight
/// rollback              a person's wish (<see cref="RollbackRequest"/>)
/// </code>
/// A document is there before the state names it, and goes after the state does not. So a power cut leaves at the most a document that nobody names, which the
/// next start takes away. Nothing is created before there is something to remember. One thread at a time.
/// </summary>
internal sealed partial class RevisionStore(string stateFolder, ILogger logger)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostCorrupt = 8;
    private RevisionState _state = RevisionState.Empty;
    private bool _isObstacleTold;

    public string Folder { get; } = FolderIn(stateFolder);

    /// <summary>Never changed in place: any thread may look at it.</summary>
    public RevisionState State
    {
        get => Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, value);
    }

    /// <summary>There is another state. Whoever listens does no more than note it.</summary>
    public event Action? Saved;

    /// <summary>What was found damaged and set aside, for the next report.</summary>
    public IReadOnlyList<RevisionError> Damage { get; private set; } = [];

    private string StatePath => Path.Combine(Folder, RevisionStateFile.Name);

    /// <summary>Where revisions lie in a device's state folder.</summary>
    public static string FolderIn(string stateFolder) => Path.Combine(stateFolder, "config");

    /// <summary>The hash is hexadecimal where we wrote it; what else it is comes from a file that fits its sum, and still is no path.</summary>
    public static string DocumentPath(string folder, RevisionHeader header) => Path.Combine(folder, Path.GetFileName(header.Hash) + ".json");

    /// <summary>Reads the state. One that is damaged is set aside, and nothing is known.</summary>
    public void Open()
    {
        if (!TryReadFile(StatePath, RevisionStateFile.MaximumBytes, out byte[] bytes))
        {
            return;
        }
        if (!RevisionStateFile.TryDecode(bytes, out RevisionState state))
        {
            SetAside(StatePath);
            return;
        }
        State = state;
    }

    /// <summary>
    /// Remembers: first on the disk, then for everybody else, so that the service is told nothing which a power cut would undo. Where the disk does not take it, it
    /// holds for this run, and the next one knows what was true before.
    /// </summary>
    /// <returns>False where the disk did not take it.</returns>
    public bool Save(RevisionState state)
    {
        bool isKept = TryWrite(state);
        State = state;
        Saved?.Invoke();
        if (isKept)
        {
            RemoveUnnamed();
        }
        return isKept;
    }

    /// <summary>Keeps a document, before the state names it.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Keep(Revision revision)
    {
        DurableFile.CreateFolder(Folder);
        DurableFile.Replace(DocumentPath(revision.Header), revision.Document.Span, OwnerOnly);
    }

    /// <summary>The document of a revision that the state names.</summary>
    /// <returns>False where it is not there, or damaged, which is then set aside.</returns>
    public bool TryRead(RevisionHeader header, [NotNullWhen(true)] out Revision? revision)
    {
        revision = null;
        string path = DocumentPath(header);
        if (!TryReadFile(path, Revision.MaximumBytes, out byte[] document))
        {
            Lost(header, "is gone");
            return false;
        }
        if (RevisionHeader.HashOf(document) != header.Hash)
        {
            SetAside(path);
            Lost(header, "was damaged and set aside");
            return false;
        }
        revision = new Revision(header, document);
        return true;
    }

    /// <summary>The next report has told of it.</summary>
    public void DamageTold() => Damage = [];

    private bool TryWrite(RevisionState state)
    {
        try
        {
            DurableFile.CreateFolder(Folder);
            RevisionStateFile.Write(StatePath, state);
            _isObstacleTold = false;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!_isObstacleTold)
            {
                Log.NotSaved(logger, StatePath, failure.Message);
            }
            _isObstacleTold = true;
            return false;
        }
    }

    private void Lost(RevisionHeader header, string what) =>
        Damage = [.. Damage, new RevisionError("", $"The document of revision {header.Number} on the device's disk {what}.")];

    private string DocumentPath(RevisionHeader header) => DocumentPath(Folder, header);

    /// <summary>What cannot be removed now goes with the next write: it only takes room.</summary>
    private void RemoveUnnamed()
    {
        string[] named = [.. new[] { State.Good, State.Previous, State.Trial }.Where(static header => !header.IsNone).Select(DocumentPath)];
        try
        {
            IEnumerable<string> unnamed = Directory.EnumerateFiles(Folder, "*.json").Where(path => path != StatePath && !named.Contains(path));
            IEnumerable<string> old = Directory.EnumerateFiles(Folder, "*.corrupt-*").OrderByDescending(File.GetLastWriteTimeUtc).Skip(MostCorrupt);
            foreach (string path in unnamed.Concat(old).ToList())
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, Folder, failure.Message);
        }
    }

    private void SetAside(string path)
    {
        int number = 1;
        while (File.Exists($"{path}.corrupt-{number}"))
        {
            number++;
        }
        Log.Corrupt(logger, path, $"{path}.corrupt-{number}");
        try
        {
            File.Move(path, $"{path}.corrupt-{number}");
            Damage = [.. Damage, new RevisionError("", $"A damaged file was set aside on the device as {Path.GetFileName(path)}.corrupt-{number}.")];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, path, failure.Message);
        }
    }

    private static bool TryReadFile(string path, int most, out byte[] bytes)
    {
        bytes = [];
        try
        {
            if (new FileInfo(path) is not { Exists: true } file)
            {
                return false;
            }
            // One that is too long is read as far as it may be, and then does not fit its sum.
            using FileStream stream = File.OpenRead(path);
            bytes = new byte[(int)Math.Min(file.Length, most + 1L)];
            stream.ReadExactly(bytes);
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The state of the configuration cannot be kept in {Path}: {Reason} It holds until the agent ends.")]
        public static partial void NotSaved(ILogger logger, string path, string reason);

        [LoggerMessage(Level = LogLevel.Debug, Message = "Documents that nobody names could not be removed from {Folder}. {Reason}")]
        public static partial void NotRemoved(ILogger logger, string folder, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "The file {Path} is damaged. It is set aside as {Aside}, and the agent goes on without it.")]
        public static partial void Corrupt(ILogger logger, string path, string aside);
    }
}
