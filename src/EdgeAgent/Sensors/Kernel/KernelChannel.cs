using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel;

/// <summary>A file that says what is wrong with a channel while it holds anything but 0.</summary>
internal sealed record ChannelFlag(KernelFile File, Quality Quality);

/// <summary>One value of a device: <c>(what its file says + offset) × factor</c>, in the unit of its quantity.</summary>
/// <param name="quantity">What it is. Its decimals are the most that such a value has.</param>
/// <param name="file">The file with the number.</param>
/// <param name="factor">Makes the file's unit the quantity's.</param>
/// <param name="offset">In the file's unit.</param>
/// <param name="decimals">Decimal places that this device resolves, where that is known.</param>
internal sealed class KernelChannel(Quantity quantity, KernelFile file, double factor, double offset = 0, int? decimals = null) : IDisposable
{
    /// <summary>A number with its newline, and more than the 1-Wire driver writes.</summary>
    private const int FileBytes = 256;

    private readonly int _decimals = Math.Min(quantity.Decimals, decimals ?? quantity.Decimals);

    public Quantity Quantity => quantity;

    /// <summary>Looked at before the value; the first that is raised with the worst quality counts.</summary>
    public IReadOnlyList<ChannelFlag> Flags { get; init; } = [];

    public Measured Read()
    {
        Span<byte> buffer = stackalloc byte[FileBytes];
        Quality quality = Quality.Good;
        for (int i = 0; i < Flags.Count; i++)
        {
            // A flag that cannot be read says nothing; the value's own file will say what is wrong.
            if (Flags[i].Quality > quality && Flags[i].File.Read(buffer, out int flag) == Quality.Good
                && Utf8Fields.TryNumber(buffer[..flag], out double raised) && raised != 0)
            {
                quality = Flags[i].Quality;
            }
        }
        if (quality >= Quality.NoResponse)
        {
            return Measured.None(quality);
        }
        if (file.Read(buffer, out int length) is var read and not Quality.Good)
        {
            return Measured.None(read);
        }
        return Utf8Fields.TryNumber(buffer[..length], out double number)
            ? new Measured(Math.Round((number + offset) * factor, _decimals), quality)
            // An empty file: the driver is still at it. Anything else is no number.
            : Measured.None(length == 0 ? Quality.NotReady : Quality.Failed);
    }

    public void Dispose()
    {
        file.Dispose();
        foreach (ChannelFlag flag in Flags)
        {
            flag.File.Dispose();
        }
    }
}
