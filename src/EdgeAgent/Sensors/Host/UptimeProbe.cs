using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>Seconds since the machine started: the first number of /proc/uptime.</summary>
internal sealed class UptimeProbe(HardwareRoot root) : IHostProbe
{
    private readonly KernelFile _file = new(root.At("/proc/uptime"));

    public IReadOnlyList<Quantity> Find() => [new("uptime", "s", 0)];

    public void Measure(Span<Measured> values)
    {
        Span<byte> buffer = stackalloc byte[64];
        _file.Read(buffer, out int length);
        ReadOnlySpan<byte> text = buffer[..length];
        values[0] = Utf8Fields.TryNext(ref text, out ReadOnlySpan<byte> field) && Utf8Fields.TryNumber(field, out double seconds)
            ? Measured.Good(seconds)
            : Measured.None(Quality.Failed);
    }

    public void Dispose() => _file.Dispose();
}
