using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Portable;

/// <summary>
/// Writes the buffer of a device as one stream of bytes.
/// <code>
/// file  := magic[8] = "EASPEXP1" entry*      or the same in gzip (RFC 1952)
/// entry := length u32le                      bytes of the message, 1 to 32 MiB
///          message[length]                   edge.v1.PortableEntry; in which order: portable.proto
///          check[8]                          the first 8 bytes of the SHA-256 of the file from its start to here
/// </code>
/// A check covers all that came before it, so that no entry can be damaged, lost, doubled or moved unnoticed; one that holds says that
/// everything up to it is as it was written. The last entry is PortableEnd: a file without it is incomplete.
/// </summary>
public sealed class PortableWriter : IDisposable
{
    private readonly Stream _output;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private readonly PortableEnd _counts = new();
    private byte[] _buffer = new byte[64 * 1024];

    /// <summary>Writes the magic number.</summary>
    /// <param name="output">Takes the bytes; stays open.</param>
    public PortableWriter(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        Write(PortableFormat.Magic);
    }

    /// <summary>Writes one entry, other than the last one.</summary>
    public void Write(PortableEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _counts.Records += entry.KindCase == PortableEntry.KindOneofCase.Record ? 1ul : 0;
        _counts.Gaps += entry.KindCase == PortableEntry.KindOneofCase.Gap ? 1ul : 0;
        int length = entry.CalculateSize();
        if (_buffer.Length < PortableFormat.LengthBytes + length)
        {
            _buffer = new byte[PortableFormat.LengthBytes + length];
        }
        Span<byte> bytes = _buffer.AsSpan(0, PortableFormat.LengthBytes + length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        entry.WriteTo(bytes[PortableFormat.LengthBytes..]);
        Write(bytes);
        _hash.GetCurrentHash(_digest);
        Write(_digest.AsSpan(0, PortableFormat.CheckBytes));
    }

    /// <summary>Writes the last entry.</summary>
    public void Finish() => Write(new PortableEntry { End = _counts });

    /// <summary>Leaves the stream open.</summary>
    public void Dispose() => _hash.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _output.Write(bytes);
    }
}
