using System.Runtime.InteropServices;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>
/// The calls of linux/gpio.h. Their numbers hold the size of what they carry (asm-generic/ioctl.h, which x86 and ARM share):
/// <code>
/// number := direction u2 (1 to the kernel, 2 from it), size u14, type u8 (0xB4), call u8
/// </code>
/// </summary>
internal static partial class GpioIoctl
{
    public const uint GetChipInfo = 0x8044_B401;
    public const uint GetLineInfo = 0xC100_B405;
    public const uint GetLine = 0xC250_B407;
    public const uint GetValues = 0xC010_B40E;
    public const uint SetValues = 0xC010_B40F;

    /// <returns>Negative where it failed; the error is the last P/Invoke error.</returns>
    public static int Call<T>(SafeHandle descriptor, uint number, ref T structure)
        where T : unmanaged => Ioctl(descriptor, number, ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(new Span<T>(ref structure))));

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeHandle descriptor, nuint number, ref byte structure);
}
