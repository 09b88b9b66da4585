using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// How busy all CPUs together were since the last read, and how much of the time they had nothing to do but wait for a disk: line 1 of
/// /proc/stat (proc_stat(5)).
/// <code>line := "cpu" user nice system idle iowait irq softirq steal …      in ticks; guests are part of user</code>
/// </summary>
internal sealed class CpuProbe(HardwareRoot root) : IHostProbe
{
    private const int Columns = 8, Idle = 3, InputOutputWait = 4;

    private readonly KernelFile _file = new(root.At("/proc/stat"));
    private (long All, long Idle, long Waiting)? _last;

    public IReadOnlyList<Quantity> Find()
    {
        _last = Read();
        return _last is null ? [] : [new("cpu/busy", "%", 1), new("cpu/iowait", "%", 1)];
    }

    public void Measure(Span<Measured> values)
    {
        (long All, long Idle, long Waiting)? now = Read();
        values.Fill(Measured.None(now is null ? Quality.Failed : Quality.NotReady));
        if (now is { } present && _last is { } last)
        {
            (double all, long idle, long waiting) = (present.All - last.All, present.Idle - last.Idle, present.Waiting - last.Waiting);
            // Any of them may go back: a CPU was taken offline, or the kernel has corrected its estimate of waiting.
            if (all > 0 && idle >= 0 && waiting >= 0 && idle + waiting <= all)
            {
                values[0] = Measured.Good(100 * (all - idle - waiting) / all);
                values[1] = Measured.Good(100 * waiting / all);
            }
        }
        _last = now;
    }

    public void Dispose() => _file.Dispose();

    private (long All, long Idle, long Waiting)? Read()
    {
        Span<byte> buffer = stackalloc byte[256];
        if (_file.Read(buffer, out int length) != Quality.Good)
        {
            return null;
        }
        ReadOnlySpan<byte> text = buffer[..length];
        if (!Utf8Fields.TryNext(ref text, out ReadOnlySpan<byte> name) || !name.SequenceEqual("cpu"u8))
        {
            return null;
        }
        long all = 0, idle = 0, waiting = 0;
        for (int i = 0; i < Columns; i++)
        {
            if (!Utf8Fields.TryNextCount(ref text, out long ticks))
            {
                return null;
            }
            all += ticks;
            idle = i == Idle ? ticks : idle;
            waiting = i == InputOutputWait ? ticks : waiting;
        }
        return (all, idle, waiting);
    }
}
