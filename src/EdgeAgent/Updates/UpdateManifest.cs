using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Updates;

/// <summary>
/// What is signed of an update: which program it is, by its hash, and for whom.
/// <code>
/// { "format": 1, "product": "edge-agent", "version": "0.4.0", "rid": "linux-arm64", "minimum": "0.3.0", "date": "2026-12-01", "bytes": 26214400, "sha256": "64 hexadecimal digits" }
/// </code>
/// <c>minimum</c>: the oldest version whose spool, configuration and identity it reads. <c>bytes</c> and <c>sha256</c>: of the program, not compressed. Keys that are not known are
/// passed over; what a device must not pass over gets another <c>format</c>.
/// </summary>
internal sealed record UpdateManifest(int Format, string Product, string Version, string Rid, string Minimum, string Date, long Bytes, string Sha256)
{
    public const int KnownFormat = 1;

    /// <summary>Four times what one takes.</summary>
    public const int MaximumBytes = 16 << 10;

    /// <summary>256 MiB: ten times what the program takes.</summary>
    public const long MaximumProgramBytes = 256 << 20;

    private const int HashLength = 64;

    /// <summary>Its version as one that can be compared. What <see cref="TryRead"/> gave has one.</summary>
    public ReleaseVersion Brought => ReleaseVersion.Parse(Version);

    /// <summary>The same of <see cref="Minimum"/>.</summary>
    public ReleaseVersion Oldest => ReleaseVersion.Parse(Minimum);

    /// <returns>False where it is none, or one of a later format.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out UpdateManifest? manifest)
    {
        manifest = null;
        try
        {
            manifest = JsonSerializer.Deserialize(json, UpdateJson.Default.UpdateManifest);
        }
        catch (JsonException)
        {
            return false;
        }
        bool isSound = manifest is { Format: KnownFormat, Product: UpdatePaths.ProgramName, Bytes: > 0 and <= MaximumProgramBytes, Sha256.Length: HashLength }
            && ReleaseVersion.TryParse(manifest.Version, out _) && ReleaseVersion.TryParse(manifest.Minimum, out _);
        manifest = isSound ? manifest : null;
        return isSound;
    }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, UpdateJson.Default.UpdateManifest);
}

[JsonSerializable(typeof(UpdateManifest))]
[JsonSerializable(typeof(UpdateTrial))]
[JsonSerializable(typeof(UpdateOutcome))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, IgnoreReadOnlyProperties = true)]
internal sealed partial class UpdateJson : JsonSerializerContext;
