using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Portable;

/// <summary>What <see cref="PortableReader.Read"/> found.</summary>
public enum PortableReadResult
{
    /// <summary>An entry; it and everything before it are as they were written.</summary>
    Entry,

    /// <summary>The last entry was there, and nothing comes behind it.</summary>
    End,

    /// <summary>What comes next is not what was written. <see cref="PortableReader.Damage"/> says where and what.</summary>
    Damaged,
}

/// <summary>Reads what <see cref="PortableWriter"/> wrote, plain or in gzip. What it allocates is bounded, whatever the bytes claim.</summary>
public sealed class PortableReader : IDisposable
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    private readonly Stream _input;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];
    private byte[] _buffer = new byte[64 * 1024];
    private ulong _records;
    private ulong _gaps;
    private bool _ended;

    /// <param name="input">A stream that can seek. Closed together with the reader.</param>
    public PortableReader(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Span<byte> first = stackalloc byte[2];
        long start = input.Position;
        bool isGzip = input.ReadAtLeast(first, 2, throwOnEndOfStream: false) == 2 && first.SequenceEqual(GzipMagic);
        input.Position = start;
        _input = isGzip ? new GZipStream(input, CompressionMode.Decompress) : input;
    }

    /// <summary>Where the next entry begins: bytes from the start, after decompression.</summary>
    public long Offset { get; private set; }

    /// <summary>What is wrong, as a sentence with the offset. Empty where nothing is.</summary>
    public string Damage { get; private set; } = "";

    /// <summary>Reads the next entry. Throws only where the disk fails.</summary>
    public PortableReadResult Read(out PortableEntry? entry)
    {
        entry = null;
        if (Damage.Length > 0)
        {
            return PortableReadResult.Damaged;
        }
        if (Offset == 0 && !TryReadMagic())
        {
            return Fail("this is no portable spool");
        }
        if (!TryTake(0, PortableFormat.LengthBytes, out int taken))
        {
            return _ended && taken == 0 ? PortableReadResult.End : Fail(taken == 0 ? "the file was cut off" : "the file was cut off in a length");
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
        if (_ended || length is 0 or > PortableFormat.MaximumEntryBytes)
        {
            return Fail(_ended ? "something follows the end" : $"{length} is no length of an entry");
        }
        int whole = PortableFormat.LengthBytes + (int)length;
        if (!TryTake(PortableFormat.LengthBytes, (int)length + PortableFormat.CheckBytes, out _))
        {
            return Fail("the file was cut off in an entry");
        }
        _hash.AppendData(_buffer.AsSpan(0, whole));
        _hash.GetCurrentHash(_digest);
        ReadOnlySpan<byte> check = _buffer.AsSpan(whole, PortableFormat.CheckBytes);
        if (!check.SequenceEqual(_digest.AsSpan(0, PortableFormat.CheckBytes)) || !TryParse(whole, out entry))
        {
            return Fail("the entry is damaged");
        }
        _hash.AppendData(check);
        return Count(entry) ? Accept(whole) : Fail("the number of entries is not what the end says");
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _input.Dispose();
    }

    private PortableReadResult Accept(int whole)
    {
        Offset += whole + PortableFormat.CheckBytes;
        return PortableReadResult.Entry;
    }

    private PortableReadResult Fail(string what)
    {
        Damage = $"At byte {Offset}: {what}.";
        return PortableReadResult.Damaged;
    }

    private bool TryReadMagic()
    {
        if (!TryTake(0, PortableFormat.Magic.Length, out _) || !_buffer.AsSpan(0, PortableFormat.Magic.Length).SequenceEqual(PortableFormat.Magic))
        {
            return false;
        }
        _hash.AppendData(PortableFormat.Magic);
        Offset = PortableFormat.Magic.Length;
        return true;
    }

    private bool Count(PortableEntry entry)
    {
        switch (entry.KindCase)
        {
            case PortableEntry.KindOneofCase.Record:
                _records++;
                return true;
            case PortableEntry.KindOneofCase.Gap:
                _gaps++;
                return true;
            case PortableEntry.KindOneofCase.End:
                _ended = true;
                return entry.End.Records == _records && entry.End.Gaps == _gaps;
            default:
                return true;
        }
    }

    /// <summary>Reads into the buffer. Grows it as bytes really come, not as they are announced.</summary>
    private bool TryTake(int start, int bytes, out int taken)
    {
        const int Step = 1024 * 1024;
        taken = 0;
        try
        {
            while (taken < bytes)
            {
                int wanted = Math.Min(bytes - taken, Step);
                if (_buffer.Length < start + taken + wanted)
                {
                    Array.Resize(ref _buffer, Math.Max(start + taken + wanted, Math.Min(2 * _buffer.Length, PortableFormat.MaximumEntryBytes)));
                }
                int read = _input.ReadAtLeast(_buffer.AsSpan(start + taken, wanted), wanted, throwOnEndOfStream: false);
                taken += read;
                if (read < wanted)
                {
                    return false;
                }
            }
            return true;
        }
        catch (InvalidDataException)
        {
            // What gzip makes of damaged bytes. The same as bytes that are missing: nothing behind them can be read.
            return false;
        }
    }

    private bool TryParse(int whole, [NotNullWhen(true)] out PortableEntry? entry)
    {
        try
        {
            entry = PortableEntry.Parser.ParseFrom(_buffer.AsSpan(PortableFormat.LengthBytes, whole - PortableFormat.LengthBytes));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            entry = null;
            return false;
        }
    }
}
