using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>The descriptor that the kernel gives for requested lines. It never waits.</summary>
internal sealed class KernelRequest(SafeFileHandle descriptor, int lineCount) : ILineRequest
{
    private readonly ulong _all = lineCount == LineRequest.MaximumLines ? ulong.MaxValue : (1ul << lineCount) - 1;

    /// <summary>For poll(2), as long as the request is not disposed of; then -1, which poll(2) leaves out.</summary>
    public int Descriptor => descriptor.IsClosed ? -1 : (int)descriptor.DangerousGetHandle();

    public int Read(Span<LineEvent> events)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(events);
        nint read = Posix.Read(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
        // The kernel gives whole events only.
        return read >= 0 ? (int)read / Marshal.SizeOf<LineEvent>()
            : Marshal.GetLastPInvokeError() == Posix.TryAgain ? 0
            : ILineRequest.Gone;
    }

    public bool TryGet(out ulong values)
    {
        var structure = new LineValues { Mask = _all };
        bool isRead = GpioIoctl.Call(descriptor, GpioIoctl.GetValues, ref structure) >= 0;
        values = structure.Bits & _all;
        return isRead;
    }

    public bool TrySet(ulong values)
    {
        var structure = new LineValues { Bits = values, Mask = _all };
        return GpioIoctl.Call(descriptor, GpioIoctl.SetValues, ref structure) >= 0;
    }

    public void Dispose() => descriptor.Dispose();
}
