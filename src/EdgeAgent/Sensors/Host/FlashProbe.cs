using System.Globalization;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// What is written to each disk, and how worn an eMMC says it is (JESD84-B51, DEVICE_LIFE_TIME_EST and PRE_EOL_INFO): /sys/block. SD cards
/// do not tell their wear; the bytes written to them are all there is to know.
/// </summary>
internal sealed class FlashProbe(HardwareRoot root, TimeProvider time) : IHostProbe
{
    /// <summary>A gateway has one or two; more than this would be a fault.</summary>
    private const int MaximumDisks = 8;

    private readonly List<Disk> _disks = [];

    public IReadOnlyList<Quantity> Find()
    {
        // What has hardware: neither loops nor memory nor what other disks are made into. An eMMC's boot partitions are disks of their own and never written.
        foreach (string folder in KernelText.Entries(root.At("/sys/block"), "*")
            .Where(folder => Path.Exists(Path.Join(folder, "device")) && !Path.GetFileName(folder).Contains("boot", StringComparison.Ordinal)).Take(MaximumDisks))
        {
            _disks.Add(new Disk(folder, time));
        }
        return [.. _disks.SelectMany(disk => disk.Quantities)];
    }

    public void Measure(Span<Measured> values)
    {
        foreach (Disk disk in _disks)
        {
            disk.Measure(values);
            values = values[disk.Quantities.Count..];
        }
    }

    public void Dispose() => _disks.ForEach(disk => disk.Dispose());

    private sealed class Disk : IDisposable
    {
        private const int SectorBytes = 512;
        private const int WordsBeforeSectorsWritten = 6;

        /// <summary>Values 1 to 10 stand for up to 10 % to up to 100 % of the life used, 11 for more than that, 0 for nothing known.</summary>
        private const int PercentPerStep = 10, LastStep = 11;

        private readonly KernelFile _stat;
        private readonly KernelFile _life;
        private readonly KernelFile _endOfLife;
        private readonly CounterRate _written;

        public Disk(string folder, TimeProvider time)
        {
            string name = SeriesLevel.From(Path.GetFileName(folder));
            _stat = new KernelFile(Path.Join(folder, "stat"));
            _life = new KernelFile(Path.Join(folder, "device/life_time"));
            _endOfLife = new KernelFile(Path.Join(folder, "device/pre_eol_info"));
            _written = new CounterRate(time);
            _written.PerSecond(ReadBytesWritten());
            Quantities = File.Exists(_life.Path)
                ? [new($"flash/{name}/written", "By/s", 0), new($"flash/{name}/life_used", "%", 0), new($"flash/{name}/end_of_life", "", 0)]
                : [new($"flash/{name}/written", "By/s", 0)];
        }

        public IReadOnlyList<Quantity> Quantities { get; }

        public void Measure(Span<Measured> values)
        {
            values[0] = _written.PerSecond(ReadBytesWritten());
            if (Quantities.Count > 1)
            {
                int step = ReadHexadecimal(_life);
                values[1] = step is > 0 and <= LastStep ? Measured.Good(step * PercentPerStep) : Measured.None(step < 0 ? Quality.Failed : Quality.OutOfRange);
                // 1 normal, 2 80 % of the reserve are used up, 3 90 %.
                int level = ReadHexadecimal(_endOfLife);
                values[2] = level is >= 1 and <= 3 ? Measured.Good(level) : Measured.None(level < 0 ? Quality.Failed : Quality.OutOfRange);
            }
        }

        public void Dispose()
        {
            _stat.Dispose();
            _life.Dispose();
            _endOfLife.Dispose();
        }

        private long? ReadBytesWritten()
        {
            Span<byte> buffer = stackalloc byte[512];
            _stat.Read(buffer, out int length);
            ReadOnlySpan<byte> text = buffer[..length];
            for (int i = 0; i < WordsBeforeSectorsWritten; i++)
            {
                Utf8Fields.TryNext(ref text, out _);
            }
            return Utf8Fields.TryNextCount(ref text, out long sectors) ? sectors * SectorBytes : null;
        }

        /// <returns>The largest of the numbers in the file, as an eMMC has two kinds of memory; -1 where there is none.</returns>
        private static int ReadHexadecimal(KernelFile file)
        {
            Span<byte> buffer = stackalloc byte[64];
            file.Read(buffer, out int length);
            ReadOnlySpan<byte> text = buffer[..length];
            int largest = -1;
            while (Utf8Fields.TryNext(ref text, out ReadOnlySpan<byte> field))
            {
                if (field.StartsWith("0x"u8) && int.TryParse(field[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number))
                {
                    largest = Math.Max(largest, number);
                }
            }
            return largest;
        }
    }
}
