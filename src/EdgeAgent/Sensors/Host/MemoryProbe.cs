using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// What programs could still have without swapping, the share that they could not have, and what is swapped out: /proc/meminfo. Free memory
/// is not among them: Linux leaves none free.
/// </summary>
internal sealed class MemoryProbe(HardwareRoot root) : IHostProbe
{
    private const int FileBytes = 4096;
    private const long BytesPerUnit = 1024;

    private readonly KernelFile _file = new(root.At("/proc/meminfo"));

    public IReadOnlyList<Quantity> Find() => [new("memory/available", "By", 0), new("memory/used", "%", 1), new("memory/swapped", "By", 0)];

    public void Measure(Span<Measured> values)
    {
        Span<byte> buffer = stackalloc byte[FileBytes];
        _file.Read(buffer, out int length);
        ReadOnlySpan<byte> text = buffer[..length];
        values.Fill(Measured.None(Quality.Failed));
        if (Utf8Fields.TryCountOf(text, "MemTotal"u8, out long total) && Utf8Fields.TryCountOf(text, "MemAvailable"u8, out long available) && total > 0)
        {
            values[0] = Measured.Good(available * BytesPerUnit);
            values[1] = Measured.Good(100.0 * (total - available) / total);
        }
        if (Utf8Fields.TryCountOf(text, "SwapTotal"u8, out long swap) && Utf8Fields.TryCountOf(text, "SwapFree"u8, out long free))
        {
            values[2] = Measured.Good((swap - free) * BytesPerUnit);
        }
    }

    public void Dispose() => _file.Dispose();
}
