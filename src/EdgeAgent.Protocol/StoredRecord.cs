using System.Buffers;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Protocol.Wire;
using Google.Protobuf;

namespace EdgeAgent.Protocol;

/// <summary>
/// A record as it lies in the device's buffer: the fields of edge.v1.Record without the sequence, which the buffer assigns.
/// Because the fields of a protobuf message may simply be put one after the other, what goes on the line is the sequence in front of
/// the stored bytes, and nothing is encoded twice.
/// <code>
/// stored        := readings (2) provisional (6)? ( batch (3) | compressed_batch (4) ) deliveries (5)*       readings always first
/// UploadRequest := record (2), length, sequence (1), stored
/// </code>
/// </summary>
public static class StoredRecord
{
    /// <summary>encoding (1): tag and value.</summary>
    private const int EncodingField = 2;

    /// <summary>provisional (6): tag and value.</summary>
    private const int ProvisionalField = 2;

    /// <summary>Writes a whole serialized UploadRequest that holds the record.</summary>
    public static void WriteUploadRequest(ulong sequence, ReadOnlySpan<byte> stored, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int length = UploadRequestLength(sequence, stored.Length);
        Span<byte> bytes = output.GetSpan(length);
        int position = WriteTag(bytes, UploadRequest.RecordFieldNumber, WireType.Bytes);
        position += VarInt.Write(bytes[position..], (uint)RecordLength(sequence, stored.Length));
        position += WriteTag(bytes[position..], Record.SequenceFieldNumber, WireType.VarInt);
        position += VarInt.Write(bytes[position..], sequence);
        stored.CopyTo(bytes[position..]);
        output.Advance(length);
    }

    /// <summary>How many bytes <see cref="WriteUploadRequest"/> writes.</summary>
    public static int UploadRequestLength(ulong sequence, int storedLength)
    {
        int record = RecordLength(sequence, storedLength);
        return 1 + VarInt.Length((uint)record) + record;
    }

    /// <summary>How many readings a stored record holds, without looking into its batch.</summary>
    /// <returns>False where the bytes are not a stored record.</returns>
    public static bool TryReadReadings(ReadOnlySpan<byte> stored, out uint readings)
    {
        var reader = new WireReader(stored);
        if (reader.TryReadTag(out int field, out WireType type) && field == Record.ReadingsFieldNumber && type == WireType.VarInt
            && reader.TryReadVarInt(out ulong value) && value <= uint.MaxValue)
        {
            readings = (uint)value;
            return true;
        }
        readings = 0;
        return false;
    }

    /// <summary>Whether the times of a stored record are provisional, without looking into its batch.</summary>
    public static bool IsProvisional(ReadOnlySpan<byte> stored)
    {
        var reader = new WireReader(stored);
        return reader.TryReadTag(out _, out WireType readings) && reader.TrySkip(readings)
            && reader.TryReadTag(out int field, out _) && field == Record.ProvisionalFieldNumber;
    }

    /// <summary>The dictionary of a stored record and the definitions that it introduces, for SessionOpen.dictionaries.</summary>
    /// <param name="stored">The stored bytes.</param>
    /// <param name="limits">Bound what a damaged record can inflate to.</param>
    /// <param name="dictionary">The dictionary of its batch.</param>
    /// <param name="definitions">The definitions are added to it; nothing is added where the result is false.</param>
    /// <returns>False where the bytes are not a stored record.</returns>
    public static bool TryReadDefinitions(
        ReadOnlySpan<byte> stored, DecodeLimits limits, out ulong dictionary, List<SeriesDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(definitions);
        dictionary = 0;
        var reader = new WireReader(stored);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out int field, out WireType type))
            {
                return false;
            }
            if (type == WireType.Bytes && field is Record.BatchFieldNumber or Record.CompressedBatchFieldNumber)
            {
                return reader.TryReadBytes(out ReadOnlySpan<byte> content)
                    && (field == Record.BatchFieldNumber
                        ? BatchDefinitions.TryRead(content, limits, out dictionary, definitions)
                        : TryReadCompressedDefinitions(content, limits, out dictionary, definitions));
            }
            if (!reader.TrySkip(type))
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>Writes the stored form of a batch: compressed where that is smaller, frame and all.</summary>
    internal static void Write(
        uint readings, bool isProvisional, ReadOnlySpan<byte> batch, BatchCompression compression, BatchCompressor compressor, IBufferWriter<byte> output)
    {
        bool isCompressed = compressor.TryCompress(batch, compression, batch.Length - EncodingField - 3, out ReadOnlySpan<byte> compressed);
        int length = isCompressed ? EncodingField + 1 + VarInt.Length((uint)compressed.Length) + compressed.Length : batch.Length;

        // Tags are one byte each: readings, the mark, the content, and its data.
        Span<byte> bytes = output.GetSpan((3 * VarInt.MaximumLength) + ProvisionalField + length);
        int position = WriteTag(bytes, Record.ReadingsFieldNumber, WireType.VarInt);
        position += VarInt.Write(bytes[position..], readings);
        if (isProvisional)
        {
            position += WriteTag(bytes[position..], Record.ProvisionalFieldNumber, WireType.VarInt);
            bytes[position++] = 1;
        }
        position += WriteTag(bytes[position..], isCompressed ? Record.CompressedBatchFieldNumber : Record.BatchFieldNumber, WireType.Bytes);
        position += VarInt.Write(bytes[position..], (uint)length);
        if (isCompressed)
        {
            position += WriteTag(bytes[position..], CompressedBatch.EncodingFieldNumber, WireType.VarInt);
            position += VarInt.Write(bytes[position..], (uint)(compression == BatchCompression.Gzip ? BatchEncoding.Gzip : BatchEncoding.Brotli));
            position += WriteTag(bytes[position..], CompressedBatch.DataFieldNumber, WireType.Bytes);
            position += VarInt.Write(bytes[position..], (uint)compressed.Length);
        }
        ReadOnlySpan<byte> content = isCompressed ? compressed : batch;
        content.CopyTo(bytes[position..]);
        output.Advance(position + content.Length);
    }

    private static bool TryReadCompressedDefinitions(
        ReadOnlySpan<byte> message, DecodeLimits limits, out ulong dictionary, List<SeriesDefinition> definitions)
    {
        dictionary = 0;
        CompressedBatch compressed;
        try
        {
            compressed = CompressedBatch.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
        using var inflater = new BatchInflater(limits.MaximumInflatedBytes);
        return inflater.TryInflate(compressed, out ReadOnlySpan<byte> batch, out _)
            && BatchDefinitions.TryRead(batch, limits, out dictionary, definitions);
    }

    private static int RecordLength(ulong sequence, int storedLength) => 1 + VarInt.Length(sequence) + storedLength;

    private static int WriteTag(Span<byte> bytes, int field, WireType type) => VarInt.Write(bytes, (uint)((field << 3) | (int)type));
}
