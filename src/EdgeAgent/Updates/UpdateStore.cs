using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Updates;

/// <summary>The trial and the outcome on the disk. Each is replaced in one piece.</summary>
internal sealed class UpdateStore(UpdatePaths paths)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A hundred times what one of them takes.</summary>
    private const int MaximumBytes = 64 << 10;

    /// <summary>10 s: whoever has it writes a few small files.</summary>
    private const int LockAttempts = 100;

    /// <summary>The trial that is open.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public UpdateTrial? Trial => Read(paths.Trial, UpdateJson.Default.UpdateTrial);

    /// <summary>How the last one ended.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public UpdateOutcome? Outcome => Read(paths.Outcome, UpdateJson.Default.UpdateOutcome);

    public void Save(UpdateTrial trial) => DurableFile.Replace(paths.Trial, JsonSerializer.SerializeToUtf8Bytes(trial, UpdateJson.Default.UpdateTrial), Readable);

    /// <summary>The trial is over.</summary>
    public void Close(UpdateOutcome outcome)
    {
        DurableFile.Replace(paths.Outcome, JsonSerializer.SerializeToUtf8Bytes(outcome, UpdateJson.Default.UpdateOutcome), Readable);
        DurableFile.Delete(paths.Trial);
    }

    /// <summary>Takes a damaged trial out of the way: what runs goes on running.</summary>
    public string SetTrialAside()
    {
        string aside = paths.Trial + ".corrupt";
        File.Move(paths.Trial, aside, overwrite: true);
        DurableFile.SyncFolder(paths.Folder);
        return aside;
    }

    /// <summary>Whoever changes what lies there holds this.</summary>
    /// <returns>False where somebody else does.</returns>
    public bool TryLock([NotNullWhen(true)] out IDisposable? held)
    {
        try
        {
            held = new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            held = null;
            return false;
        }
    }

    /// <summary>The same, for one who comes again.</summary>
    /// <exception cref="IOException">Somebody holds it all the time.</exception>
    public async Task<IDisposable> LockAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < LockAttempts; attempt++)
        {
            if (TryLock(out IDisposable? held))
            {
                return held;
            }
            await Task.Delay(LockPause, time, cancellationToken).ConfigureAwait(false);
        }
        throw new IOException($"Somebody holds {paths.Lock} all the time.");
    }

    private static T? Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length <= MaximumBytes && JsonSerializer.Deserialize(file, type) is { } read)
            {
                return read;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new InvalidDataException($"The file {path} is damaged.");
    }
}
