using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Spooling.Files;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// The state on the disk:
/// <code>
/// file  := state LF check LF
/// state := JSON on one line: { "v": 1, "state": { "ownHash", "good", "previous", "trial", "judged", "run", "events" } }, as <see cref="RevisionState"/> names them
/// check := SHA-256 of state, 64 lower-case hexadecimal digits
/// </code>
/// Replaced in one piece, so that a power cut leaves the state before or the state after. Keys that are not known are passed over.
/// </summary>
internal static class RevisionStateFile
{
    /// <summary>In the folder of revisions.</summary>
    public const string Name = "state.json";

    private const int Version = 1;
    private const int CheckLength = 64;

    /// <summary>64 errors of an event, each of 2 KiB at most, and 24 events, would be 3 MB: what is larger is none of these.</summary>
    public const int MaximumBytes = 4 << 20;

    public static byte[] Encode(RevisionState state)
    {
        string line = JsonSerializer.Serialize(new Envelope(Version, state), RevisionStateJson.Default.Envelope);
        return Encoding.UTF8.GetBytes($"{line}\n{RevisionHeader.HashOf(Encoding.UTF8.GetBytes(line))}\n");
    }

    /// <returns>False where this is no state, or a damaged one, or one of a later version.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, out RevisionState state)
    {
        state = RevisionState.Empty;
        int end = file.IndexOf((byte)'\n');
        if (end < 0 || file.Length != end + 1 + CheckLength + 1 || file[^1] != (byte)'\n')
        {
            return false;
        }
        ReadOnlySpan<byte> line = file[..end];
        if (Encoding.ASCII.GetString(file.Slice(end + 1, CheckLength)) != RevisionHeader.HashOf(line))
        {
            return false;
        }
        try
        {
            if (JsonSerializer.Deserialize(line, RevisionStateJson.Default.Envelope) is not { V: Version, State: { } read })
            {
                return false;
            }
            state = read;
            return true;
        }
        catch (JsonException)
        {
            // The sum is right: another program wrote it.
            return false;
        }
    }

    /// <summary>For whoever only looks: empty where there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RevisionState Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        return !File.Exists(path) ? RevisionState.Empty
            : TryDecode(File.ReadAllBytes(path), out RevisionState state) ? state
            : throw new InvalidDataException($"The file {path} is damaged. The agent sets it aside with its next start, and begins with its own file.");
    }

    public static void Write(string path, RevisionState state) =>
        DurableFile.Replace(path, Encode(state), UnixFileMode.UserRead | UnixFileMode.UserWrite);
}

internal sealed record Envelope(int V, RevisionState? State);

[JsonSerializable(typeof(Envelope))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true)]
internal sealed partial class RevisionStateJson : JsonSerializerContext;
