using System.Buffers.Binary;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A packet as it came: its first byte and what follows the remaining length.</summary>
internal sealed class RawPacket(byte first, byte[] body)
{
    public const int Connect = 1, Publish = 3, PubAck = 4, PubRec = 5, PubRel = 6, PubComp = 7, PingReq = 12, Disconnect = 14;

    public byte[] Body { get; } = body;

    public byte First => first;

    public int Type => first >> 4;

    /// <summary>Where the body begins with one.</summary>
    public ushort PacketId => BinaryPrimitives.ReadUInt16BigEndian(Body);

    /// <summary>The packet id of a PUBLISH, which comes after the topic.</summary>
    public ushort PublishId => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(2 + BinaryPrimitives.ReadUInt16BigEndian(Body)));

    public override string ToString() => $"{first:X2} {Convert.ToHexString(Body)}";
}
