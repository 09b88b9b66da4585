namespace EdgeAgent.Protocol;

/// <summary>Why a record cannot be decoded. All mean INVALID_ARGUMENT; they differ in who has to look.</summary>
public enum DecodeErrorCode
{
    /// <summary>The record was decoded.</summary>
    None,

    /// <summary>The record holds neither a batch nor a compressed batch.</summary>
    NoContent,

    /// <summary>The encoding of a compressed batch is not one of gzip and Brotli: perhaps the device is newer than the service.</summary>
    UnknownEncoding,

    /// <summary>The compressed bytes are damaged or truncated.</summary>
    Compression,

    /// <summary>The bytes are not a protobuf message of the expected type.</summary>
    Protobuf,

    /// <summary>A definition breaks a rule of <see cref="SeriesDefinitionRules"/>, or names a reference twice.</summary>
    Definition,

    /// <summary>A time column contradicts itself, or nothing uses it.</summary>
    Times,

    /// <summary>A value column contradicts itself, its time column or its definition.</summary>
    Values,

    /// <summary>The runs of qualities overlap, are out of order or out of range, or name an unknown quality.</summary>
    Qualities,

    /// <summary>The batch holds another number of readings than the record says.</summary>
    ReadingCount,

    /// <summary>The clock of the batch is malformed.</summary>
    Clock,

    /// <summary>The record is larger than <see cref="DecodeLimits"/> allow.</summary>
    TooLarge,
}

/// <summary>What is wrong with a record, and where: the message is meant for the status of the call and for people.</summary>
public readonly record struct DecodeError(DecodeErrorCode Code, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Message}";
}
