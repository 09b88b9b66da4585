namespace EdgeAgent.Protocol.Wire;

/// <summary>Protobuf's wire types: <c>tag := varint(field &lt;&lt; 3 | wire type)</c>. The groups of proto2 (3 and 4) are not among them.</summary>
internal enum WireType
{
    VarInt = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
