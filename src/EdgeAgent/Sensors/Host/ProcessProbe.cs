using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>What the agent itself takes: its memory (VmRSS of /proc/self/status) and its share of one CPU (/proc/self/stat).</summary>
internal sealed class ProcessProbe(HardwareRoot root, TimeProvider time) : IHostProbe
{
    private const int FileBytes = 4096;
    private const long BytesPerUnit = 1024;

    /// <summary>User time and system time are the 14th and 15th word; the second is the program's name in brackets, which may hold spaces.</summary>
    private const int WordsBetweenNameAndTimes = 11;

    /// <summary>USER_HZ, which is 100 on every machine that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly KernelFile _status = new(root.At("/proc/self/status"));
    private readonly KernelFile _stat = new(root.At("/proc/self/stat"));
    private readonly CounterRate _ticks = new(time);

    public IReadOnlyList<Quantity> Find()
    {
        _ticks.PerSecond(ReadTicks());
        return [new("process/memory", "By", 0), new("process/cpu", "%", 1)];
    }

    public void Measure(Span<Measured> values)
    {
        Span<byte> buffer = stackalloc byte[FileBytes];
        _status.Read(buffer, out int length);
        values[0] = Utf8Fields.TryCountOf(buffer[..length], "VmRSS"u8, out long resident) ? Measured.Good(resident * BytesPerUnit) : Measured.None(Quality.Failed);
        Measured ticks = _ticks.PerSecond(ReadTicks());
        values[1] = ticks with { Value = 100 * ticks.Value / TicksPerSecond };
    }

    public void Dispose()
    {
        _status.Dispose();
        _stat.Dispose();
    }

    private long? ReadTicks()
    {
        Span<byte> buffer = stackalloc byte[FileBytes];
        _stat.Read(buffer, out int length);
        ReadOnlySpan<byte> text = buffer[..length];
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        for (int i = 0; i < WordsBetweenNameAndTimes; i++)
        {
            Utf8Fields.TryNext(ref text, out _);
        }
        return Utf8Fields.TryNextCount(ref text, out long user) && Utf8Fields.TryNextCount(ref text, out long system) ? user + system : null;
    }
}
