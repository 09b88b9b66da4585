using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAgent.Sensors.Gpio.Native;

// The structures of linux/gpio.h, version 2 of its interface. Every u64 in them is aligned to 8 bytes on every architecture, so that there is one layout for
// 32 and 64 bits; the tests compare it with the header.

/// <summary><c>struct gpiochip_info</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 68)]
internal struct ChipInfo
{
    public NameBytes Name;
    public NameBytes Label;
    public uint Lines;
}

/// <summary><c>struct gpio_v2_line_attribute</c> with the mask of the lines that it is for: <c>struct gpio_v2_line_config_attribute</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct ConfigAttribute
{
    public const uint OutputValues = 2;
    public const uint Debounce = 3;

    [FieldOffset(0)]
    public uint Id;

    [FieldOffset(8)]
    public ulong Values;

    [FieldOffset(8)]
    public uint DebounceMicroseconds;

    [FieldOffset(16)]
    public ulong Mask;
}

/// <summary><c>struct gpio_v2_line_request</c>, with its <c>struct gpio_v2_line_config</c> at 288.</summary>
[StructLayout(LayoutKind.Explicit, Size = 592)]
internal struct LineRequest
{
    public const int MaximumLines = 64;

    [FieldOffset(0)]
    public Offsets Lines;

    [FieldOffset(256)]
    public NameBytes Consumer;

    [FieldOffset(288)]
    public ulong Flags;

    [FieldOffset(296)]
    public uint AttributeCount;

    [FieldOffset(320)]
    public Attributes Attributes;

    [FieldOffset(560)]
    public uint LineCount;

    [FieldOffset(564)]
    public uint EventBufferSize;

    [FieldOffset(588)]
    public int Descriptor;
}

/// <summary><c>struct gpio_v2_line_info</c>, without its attributes, which nobody here looks at.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LineInfoStructure
{
    [FieldOffset(0)]
    public NameBytes Name;

    [FieldOffset(32)]
    public NameBytes Consumer;

    [FieldOffset(64)]
    public uint Offset;

    [FieldOffset(72)]
    public ulong Flags;
}

/// <summary><c>struct gpio_v2_line_values</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct LineValues
{
    public ulong Bits;
    public ulong Mask;
}

/// <summary>A name of up to 31 bytes and a zero (GPIO_MAX_NAME_SIZE).</summary>
[InlineArray(32)]
internal struct NameBytes
{
    private byte _first;
}

[InlineArray(LineRequest.MaximumLines)]
internal struct Offsets
{
    private uint _first;
}

/// <summary>GPIO_V2_LINE_NUM_ATTRS_MAX of them.</summary>
[InlineArray(10)]
internal struct Attributes
{
    private ConfigAttribute _first;
}
