namespace EdgeAgent.Protocol.Portable;

/// <summary>The numbers that writer and reader of a portable file share.</summary>
internal static class PortableFormat
{
    public const int LengthBytes = 4;

    /// <summary>Of SHA-256. Against accidents, not against forgers: 2^-64 that a damaged entry passes.</summary>
    public const int CheckBytes = 8;

    /// <summary>The largest record that a buffer can hold is 16 MiB; a length beyond twice that is no length.</summary>
    public const int MaximumEntryBytes = 32 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "EASPEXP1"u8;
}
