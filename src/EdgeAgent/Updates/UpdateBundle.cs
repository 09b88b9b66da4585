using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using EdgeAgent.Files;

namespace EdgeAgent.Updates;

/// <summary>
/// An update as a file: one program, for one kind of machine, and who vouches for it.
/// <code>
/// bundle    := ustar archive of these three files, in this order (UstarHeader)
///              manifest.json      UpdateManifest, 16 KiB at the most
///              manifest.sig       signature of manifest.json, byte for byte as it lies there
///              edge-agent.gz      the program, gzip
/// signature := ECDSA over P-256 and SHA-256, in DER (ECDSA-Sig-Value of RFC 3279, 2.2.3): what `openssl dgst -sha256 -sign KEY` writes
/// </code>
/// The signature is looked at before anything else is read, and the program counts only where its hash is the signed one: what else may stand in the file is of no effect, and no name
/// in it becomes a path.
/// </summary>
internal sealed class UpdateBundle : IDisposable
{
    private const string ManifestName = "manifest.json", SignatureName = "manifest.sig", ProgramName = "edge-agent.gz";

    /// <summary>One of P-256 has 72 at the most.</summary>
    private const int MaximumSignatureBytes = 128;
    private const int CopyBytes = 128 << 10;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly FileStream _file;

    private UpdateBundle(FileStream file, UpdateManifest manifest) => (_file, Manifest) = (file, manifest);

    /// <summary>Signed by one who is trusted.</summary>
    public UpdateManifest Manifest { get; }

    /// <param name="path">The file.</param>
    /// <param name="keys">The folder of those who are trusted.</param>
    /// <param name="bundle">Null where it is refused.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Refusal? Open(string path, string keys, out UpdateBundle? bundle)
    {
        bundle = null;
        FileStream file = File.OpenRead(path);
        try
        {
            if (!TryReadSmall(file, ManifestName, UpdateManifest.MaximumBytes, out byte[]? manifest, out Refusal? refusal)
                || !TryReadSmall(file, SignatureName, MaximumSignatureBytes, out byte[]? signature, out refusal))
            {
                return refusal;
            }
            if (TrustedKeys.Check(keys, manifest, signature) is { } untrusted)
            {
                return untrusted;
            }
            if (!UpdateManifest.TryRead(manifest, out UpdateManifest? read))
            {
                return NotABundle(path);
            }
            if (!TryReadHeader(file, ProgramName, out _, out refusal))
            {
                return refusal;
            }
            bundle = new UpdateBundle(file, read);
            return null;
        }
        finally
        {
            if (bundle is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Writes the program, which counts only where this returns null.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public Refusal? CopyProgramTo(Stream target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            using var program = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
            for (long left = Manifest.Bytes; left > 0;)
            {
                int read = program.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                {
                    return Truncated(_file.Name);
                }
                target.Write(buffer, 0, read);
                hash.AppendData(buffer, 0, read);
                left -= read;
            }
        }
        catch (InvalidDataException malformed)
        {
            return new Refusal(RefusalCause.Damaged, $"The program in {_file.Name} is damaged: {malformed.Message} Fetch the file again.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Manifest.Sha256
            ? null
            : new Refusal(RefusalCause.Damaged, $"The program in {_file.Name} is not the one that was signed. Fetch the file again.");
    }

    /// <summary>Makes a bundle.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="manifest">As it was signed.</param>
    /// <param name="signature">In DER.</param>
    /// <param name="program">The program.</param>
    public static void Write(Stream target, ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> signature, Stream program)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            program.CopyTo(zip);
        }
        // The same program makes the same bundle.
        var archive = new UstarArchive(target, Readable, DateTimeOffset.UnixEpoch);
        archive.Add(ManifestName, manifest);
        archive.Add(SignatureName, signature);
        archive.Add(ProgramName, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        archive.End();
    }

    public void Dispose() => _file.Dispose();

    private static bool TryReadSmall(
        FileStream file, string name, int most, [NotNullWhen(true)] out byte[]? content, [NotNullWhen(false)] out Refusal? refusal)
    {
        content = null;
        if (!TryReadHeader(file, name, out long bytes, out refusal))
        {
            return false;
        }
        if (bytes > most)
        {
            refusal = NotABundle(file.Name);
            return false;
        }
        content = new byte[bytes];
        file.ReadExactly(content);
        file.Seek(UstarHeader.PaddingAfter(bytes), SeekOrigin.Current);
        return true;
    }

    /// <summary>Of a file that is all there.</summary>
    private static bool TryReadHeader(FileStream file, string name, out long bytes, [NotNullWhen(false)] out Refusal? refusal)
    {
        var block = new byte[UstarHeader.BlockBytes];
        bool isWhole = file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) == block.Length;
        bool isIt = UstarHeader.TryRead(block, out string? found, out bytes) && found == name;
        refusal = !isWhole || (isIt && file.Position + bytes > file.Length) ? Truncated(file.Name) : isIt ? null : NotABundle(file.Name);
        return refusal is null;
    }

    private static Refusal Truncated(string path) => new(RefusalCause.Truncated, $"{path} ends too soon. Fetch the file again.");

    private static Refusal NotABundle(string path) =>
        new(RefusalCause.NotABundle, $"{path} is no update of edge-agent, or one of a kind that this version does not know yet.");
}
