using System.Device.I2c;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>The driver of a chip that the configuration describes.</summary>
internal sealed class DescribedChip(I2cDevice device, ChipDescription chip) : IChip
{
    private readonly RegisterTransfer[] _transfers = RegisterTransfer.Plan(chip);
    private readonly byte[] _readyPointer = chip.Ready is { } ready ? RegisterTransfer.Pointer(chip, ready.Word.Register) : [];

    public IReadOnlyList<Quantity> Quantities { get; } = [.. chip.Values.Select(value => value.Quantity)];

    public TimeSpan MeasurementTime => chip.Wait;

    /// <summary>Without a described identity, that something answers is all that can be told, and only by what is read later.</summary>
    public ChipState Prepare()
    {
        if (chip.Identify is { } identity && !Holds(identity, RegisterTransfer.Pointer(chip, identity.Word.Register)))
        {
            return ChipState.WrongChip;
        }
        foreach (byte[] bytes in chip.Setup)
        {
            device.Write(bytes);
        }
        return ChipState.Ready;
    }

    public void Start()
    {
        if (chip.Start.Length > 0)
        {
            device.Write(chip.Start);
        }
    }

    /// <summary>A chip that is not ready may have lost its power, and its settings with it: it is set up anew.</summary>
    public ChipState Continue() => chip.Ready is null || Holds(chip.Ready, _readyPointer) ? ChipState.Ready : ChipState.NotReady;

    public void Finish(Span<Measured> values)
    {
        foreach (RegisterTransfer transfer in _transfers)
        {
            Read(transfer.PointerBytes, transfer.Bytes);
            transfer.Measure(values);
        }
    }

    private bool Holds(RegisterMatch match, ReadOnlySpan<byte> pointer)
    {
        Span<byte> bytes = stackalloc byte[RegisterWord.MaximumWidth];
        bytes = bytes[..match.Word.Width];
        Read(pointer, bytes);
        return match.Fits(bytes);
    }

    private void Read(ReadOnlySpan<byte> pointer, Span<byte> bytes)
    {
        if (pointer.IsEmpty)
        {
            device.Read(bytes);
        }
        else
        {
            device.WriteRead(pointer, bytes);
        }
    }
}
