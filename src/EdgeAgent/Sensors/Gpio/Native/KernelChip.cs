using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>One open /dev/gpiochipN.</summary>
internal sealed class KernelChip(SafeFileHandle descriptor, string name, string label, int lineCount) : IGpioChip
{
    public string Name => name;

    public string Label => label;

    public int LineCount => lineCount;

    public bool TryDescribe(int offset, out LineInfo info)
    {
        var structure = new LineInfoStructure { Offset = (uint)offset };
        if (GpioIoctl.Call(descriptor, GpioIoctl.GetLineInfo, ref structure) < 0)
        {
            info = default;
            return false;
        }
        var flags = (LineFlags)structure.Flags;
        info = new LineInfo(
            KernelGpio.Text(structure.Name), KernelGpio.Text(structure.Consumer), flags.HasFlag(LineFlags.Used), flags.HasFlag(LineFlags.Output));
        return true;
    }

    public LineOutcome Request(LineSettings settings, out ILineRequest? request)
    {
        request = null;
        LineRequest structure = Fill(settings);
        if (GpioIoctl.Call(descriptor, GpioIoctl.GetLine, ref structure) < 0)
        {
            return KernelGpio.LastOutcome(absent: LineOutcome.Failed);
        }
        var line = new SafeFileHandle(structure.Descriptor, ownsHandle: true);
        if (Posix.NeverWait(line) < 0)
        {
            line.Dispose();
            return LineOutcome.Failed;
        }
        request = new KernelRequest(line, settings.Offsets.Count);
        return LineOutcome.Ready;
    }

    public void Dispose() => descriptor.Dispose();

    public static LineRequest Fill(LineSettings settings)
    {
        var structure = new LineRequest
        {
            Flags = (ulong)settings.Flags,
            LineCount = (uint)settings.Offsets.Count,
            EventBufferSize = (settings.Flags & (LineFlags.EdgeRising | LineFlags.EdgeFalling)) == 0 ? 0u : LineSettings.LargestQueue,
        };
        for (int i = 0; i < settings.Offsets.Count; i++)
        {
            structure.Lines[i] = (uint)settings.Offsets[i];
        }
        // ASCII, shorter than the field: the zero behind it is there.
        System.Text.Encoding.ASCII.GetBytes(LineSettings.Consumer, structure.Consumer);
        ulong all = settings.Offsets.Count == LineRequest.MaximumLines ? ulong.MaxValue : (1ul << settings.Offsets.Count) - 1;
        if (settings.Debounce > TimeSpan.Zero)
        {
            structure.Attributes[(int)structure.AttributeCount++] = new ConfigAttribute
            {
                Id = ConfigAttribute.Debounce,
                DebounceMicroseconds = (uint)settings.Debounce.TotalMicroseconds,
                Mask = all,
            };
        }
        if (settings.Flags.HasFlag(LineFlags.Output))
        {
            structure.Attributes[(int)structure.AttributeCount++] =
                new ConfigAttribute { Id = ConfigAttribute.OutputValues, Values = settings.Values, Mask = all };
        }
        return structure;
    }
}
