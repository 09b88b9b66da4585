using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>
/// A value within a word.
/// <code>
/// raw   := (word >> shift) &amp; (2^bits - 1)
/// value := (raw, or raw - 2^bits where it is signed and its highest bit is set) × scale + offset
/// </code>
/// </summary>
internal sealed class RegisterValue
{
    public required Quantity Quantity { get; init; }

    public required RegisterWord Word { get; init; }

    public int Shift { get; init; }

    /// <summary>1 to 64.</summary>
    public required int Bits { get; init; }

    public bool IsSigned { get; init; }

    public double Scale { get; init; } = 1;

    public double Offset { get; init; }

    /// <summary>Raw numbers that say that there is no value yet.</summary>
    public IReadOnlyList<ulong> NotReady { get; init; } = [];

    /// <summary>Raw numbers that say that there is more, or less, than the chip can measure.</summary>
    public IReadOnlyList<ulong> OutOfRange { get; init; } = [];

    /// <summary>Default: everything.</summary>
    public MeasuringRange Range { get; init; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public Measured Measure(ReadOnlySpan<byte> bytes)
    {
        ulong raw = (Word.Read(bytes) >> Shift) & (ulong.MaxValue >> (64 - Bits));
        if (Holds(NotReady, raw))
        {
            return Measured.None(Quality.NotReady);
        }
        if (Holds(OutOfRange, raw))
        {
            return Measured.None(Quality.OutOfRange);
        }
        // Moved up to the sign's place and back, so that the sign fills what is above it.
        double number = IsSigned ? (long)(raw << (64 - Bits)) >> (64 - Bits) : raw;
        return Range.Judge((number * Scale) + Offset);
    }

    private static bool Holds(IReadOnlyList<ulong> raws, ulong raw)
    {
        for (int i = 0; i < raws.Count; i++)
        {
            if (raws[i] == raw)
            {
                return true;
            }
        }
        return false;
    }
}
