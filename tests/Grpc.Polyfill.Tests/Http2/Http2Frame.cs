using System.Buffers.Binary;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>RFC 9113, section 6.</summary>
public enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>RFC 9113, section 7.</summary>
public enum Http2Error : uint
{
    None = 0,
    Protocol = 1,
    Internal = 2,
    FlowControl = 3,
    FrameSize = 6,
    RefusedStream = 7,
    Cancel = 8,
    Compression = 9,
    EnhanceYourCalm = 0xB,
    InadequateSecurity = 0xC,
}

/// <summary>
/// One frame, made by hand so that it can be wrong:
/// <code>frame := length:u24be type:u8 flags:u8 stream:u32be *length(octet)</code>
/// </summary>
internal readonly record struct Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const int HeaderSize = 9;
    public const byte EndStreamFlag = 1;
    public const byte AckFlag = 1;
    public const byte EndHeadersFlag = 4;

    public bool EndsStream => Type is Http2FrameType.Data or Http2FrameType.Headers && (Flags & EndStreamFlag) != 0;

    public bool IsAck => Type is Http2FrameType.Settings or Http2FrameType.Ping && (Flags & AckFlag) != 0;

    /// <summary>What a RST_STREAM says, or a GOAWAY behind its last stream.</summary>
    public Http2Error Error =>
        (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(Type == Http2FrameType.GoAway ? 4 : 0));

    public static Http2Frame Data(int stream, byte[] payload, bool endsStream = false) =>
        new(Http2FrameType.Data, endsStream ? EndStreamFlag : (byte)0, stream, payload);

    public static Http2Frame Headers(int stream, byte[] block, bool endsStream = false, bool endsHeaders = true) => new(
        Http2FrameType.Headers, (byte)((endsStream ? EndStreamFlag : 0) | (endsHeaders ? EndHeadersFlag : 0)), stream, block);

    public static Http2Frame Continuation(int stream, byte[] block, bool endsHeaders = false) =>
        new(Http2FrameType.Continuation, endsHeaders ? EndHeadersFlag : (byte)0, stream, block);

    public static Http2Frame Reset(int stream, Http2Error error) => new(Http2FrameType.ResetStream, 0, stream, Number((uint)error));

    public static Http2Frame GoAway(int lastStream, Http2Error error) =>
        new(Http2FrameType.GoAway, 0, 0, [.. Number((uint)lastStream), .. Number((uint)error)]);

    public static Http2Frame WindowUpdate(int stream, int credit) => new(Http2FrameType.WindowUpdate, 0, stream, Number((uint)credit));

    public static Http2Frame Ping(bool isAck = false) => new(Http2FrameType.Ping, isAck ? AckFlag : (byte)0, 0, new byte[8]);

    /// <summary>settings := *( identifier:u16be value:u32be )</summary>
    public static Http2Frame Settings(params IEnumerable<(ushort Identifier, uint Value)> settings) => new(
        Http2FrameType.Settings,
        0,
        0,
        [.. settings.SelectMany(one => (byte[])[(byte)(one.Identifier >> 8), (byte)one.Identifier, .. Number(one.Value)])]);

    public byte[] ToBytes() =>
    [
        .. Number((uint)Payload.Length).AsSpan(1), (byte)Type, Flags, .. Number((uint)Stream), .. Payload,
    ];

    private static byte[] Number(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
