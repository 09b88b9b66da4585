using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>How many threads ran or waited for a disk, on average over the last minute, five and fifteen: /proc/loadavg.</summary>
internal sealed class LoadProbe(HardwareRoot root) : IHostProbe
{
    private readonly KernelFile _file = new(root.At("/proc/loadavg"));

    public IReadOnlyList<Quantity> Find() => [new("load/1m", "", 2), new("load/5m", "", 2), new("load/15m", "", 2)];

    public void Measure(Span<Measured> values)
    {
        Span<byte> buffer = stackalloc byte[128];
        _file.Read(buffer, out int length);
        ReadOnlySpan<byte> text = buffer[..length];
        foreach (ref Measured value in values)
        {
            value = Utf8Fields.TryNext(ref text, out ReadOnlySpan<byte> field) && Utf8Fields.TryNumber(field, out double load)
                ? Measured.Good(load)
                : Measured.None(Quality.Failed);
        }
    }

    public void Dispose() => _file.Dispose();
}
