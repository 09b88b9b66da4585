using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.People;

/// <summary>
/// The administrator's token of this machine: the file <c>admin.token</c> in the data folder, one line, mode 0600. Commands on the machine use it without
/// asking: whoever may read the folder could change the database behind it as well.
/// </summary>
internal static class LocalToken
{
    public const string FileName = "admin.token";

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Makes one, unless the file holds one that the service knows.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Ensure(string folder, ControlDatabase database, ApiTokens tokens)
    {
        string path = PathIn(folder);
        Directory.CreateDirectory(folder);
        // In one change, so that two instances that start at once agree. The file comes first: a token that nobody has would stay for ever.
        database.Change(session =>
        {
            if (Read(path) is { } present && tokens.Find(session, present) is { Role: Role.Admin })
            {
                return;
            }
            string secret = Secret.New(Secret.TokenPrefix);
            Write(path, secret);
            // Names of tokens that people make have no '@'.
            string name = $"local@{Environment.MachineName}";
            ApiTokens.Delete(session, name);
            tokens.Insert(session, name, secret, Role.Admin, null, "the service");
        });
    }

    /// <returns>Null where there is none, or it is not ours to read.</returns>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret ? secret : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(string path, string secret)
    {
        string next = path + ".new";
        File.Delete(next);
        SafeFiles.WriteNew(next, secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        // Its name is not synced: one that a power cut takes is made again at the next start.
        File.Move(next, path, overwrite: true);
    }
}
