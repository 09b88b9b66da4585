using System.Globalization;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>
/// How one channel lies in a record of the buffer, as its file <c>in_CHANNEL_type</c> says (Documentation/ABI/testing/sysfs-bus-iio):
/// <code>
/// type := ("le" | "be") ":" ("s" | "u") bits "/" storagebits [ "X" repeat ] [ ">>" shift ]        "le:s12/16>>4"
/// </code>
/// </summary>
/// <param name="IsBigEndian">The byte order of the storage.</param>
/// <param name="IsSigned">Two's complement of <paramref name="Bits"/> bits.</param>
/// <param name="Bits">How many of the bits are the value, once they are shifted.</param>
/// <param name="StorageBytes">1, 2, 4 or 8. The element begins at a multiple of it.</param>
/// <param name="Shift">By how much to shift right first.</param>
internal readonly record struct ScanElement(bool IsBigEndian, bool IsSigned, int Bits, int StorageBytes, int Shift)
{
    /// <returns>False for what is no type, and for channels of several numbers (<c>X4</c>), such as a quaternion.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ScanElement element)
    {
        element = default;
        if (text.Length < 6 || text[2] != ':' || !(text[..2] is "le" or "be") || !(text[3] is 's' or 'u'))
        {
            return false;
        }
        int slash = text.IndexOf('/');
        int shiftAt = text.IndexOf(">>");
        int shift = 0;
        if (slash < 0
            || !TryCount(text[4..slash], out int bits)
            || !TryCount(shiftAt < 0 ? text[(slash + 1)..] : text[(slash + 1)..Math.Max(slash + 1, shiftAt)], out int storage)
            || (shiftAt >= 0 && !TryCount(text[(shiftAt + 2)..], out shift))
            || storage is not (8 or 16 or 32 or 64) || bits == 0 || bits + shift > storage)
        {
            return false;
        }
        element = new ScanElement(text[0] == 'b', text[3] == 's', bits, storage / 8, shift);
        return true;
    }

    /// <param name="storage">Exactly <see cref="StorageBytes"/> bytes.</param>
    public long Decode(ReadOnlySpan<byte> storage)
    {
        ulong all = 0;
        for (int i = 0; i < storage.Length; i++)
        {
            all = (all << 8) | storage[IsBigEndian ? i : storage.Length - 1 - i];
        }
        // To the top and down again: drops what is above the value, and brings the sign along.
        int above = 64 - Bits;
        ulong top = (all >> Shift) << above;
        return IsSigned ? (long)top >> above : (long)(top >> above);
    }

    private static bool TryCount(ReadOnlySpan<char> text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
