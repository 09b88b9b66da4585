using System.Buffers;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>The stored form of a record.</summary>
public static class StoredRecord
{
    /// <summary>Writes a whole serialized UploadRequest that holds the record.</summary>
    public static void WriteUploadRequest(ulong sequence, ReadOnlySpan<byte> stored, IBufferWriter<byte> output) => throw new NotImplementedException();

    /// <summary>How many bytes <see cref="WriteUploadRequest"/> writes.</summary>
    public static int UploadRequestLength(ulong sequence, int storedLength) => throw new NotImplementedException();

    /// <summary>How many readings a stored record holds, without looking into its batch.</summary>
    public static bool TryReadReadings(ReadOnlySpan<byte> stored, out uint readings) => throw new NotImplementedException();

    /// <summary>The dictionary of a stored record and the definitions that it introduces, for SessionOpen.dictionaries.</summary>
    public static bool TryReadDefinitions(
        ReadOnlySpan<byte> stored, DecodeLimits limits, out ulong dictionary, List<SeriesDefinition> definitions) => throw new NotImplementedException();
}
