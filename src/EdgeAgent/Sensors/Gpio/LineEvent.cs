using System.Runtime.InteropServices;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// An edge, as read(2) on a line request gives it (<c>struct gpio_v2_line_event</c> of linux/gpio.h):
/// <code>
/// event := timestamp u64 (ns), edge u32 (1 rising, 2 falling), offset u32, sequence u32, line sequence u32, padding 24 bytes
/// </code>
/// Both sequences begin at 1 with the request and count every edge that the kernel saw, those included that found no room in its queue.
/// </summary>
/// <param name="Timestamp">When the kernel's interrupt saw it, in nanoseconds on <see cref="IGpioDevices.Nanoseconds"/>.</param>
/// <param name="Edge">Of the logical value: an active-low line rises when its voltage falls.</param>
/// <param name="Offset">The line's number on its chip.</param>
/// <param name="Sequence">Among all edges of the request.</param>
/// <param name="LineSequence">Among the edges of this line.</param>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal readonly record struct LineEvent(long Timestamp, LineEdge Edge, uint Offset, uint Sequence, uint LineSequence);

/// <summary>Which way a line went.</summary>
internal enum LineEdge : uint
{
    Rising = 1,
    Falling = 2,
}
