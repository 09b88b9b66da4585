using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>What is read in one go, and the values that it holds.</summary>
internal sealed class RegisterTransfer
{
    /// <summary>A block of SMBus has no more, and there are adapters that can do nothing else.</summary>
    public const int MaximumBytes = 32;

    private readonly RegisterChecksum _checksum;
    private readonly List<(int Index, RegisterValue Value)> _values = [];
    private readonly byte[] _pointer;
    private byte[] _bytes = [];

    private RegisterTransfer(ChipDescription chip, int register)
    {
        _checksum = chip.Checksum;
        Register = register;
        _pointer = Pointer(chip, register);
    }

    /// <summary>The first one that is read.</summary>
    public int Register { get; }

    /// <summary>What is written before the read; empty for a chip without registers.</summary>
    public ReadOnlySpan<byte> PointerBytes => _pointer;

    /// <summary>Where the answer goes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The number of a register as it goes over the wire, its high byte first.</summary>
    public static byte[] Pointer(ChipDescription chip, int register) => chip.RegisterBytes switch
    {
        0 => [],
        1 => [(byte)register],
        _ => [(byte)(register >> 8), (byte)register],
    };

    /// <summary>
    /// The fewest transfers that read all values. Only registers that adjoin or overlap are joined: to read one that nobody described might
    /// clear something. A chip without registers is read from its answer's first byte.
    /// </summary>
    public static RegisterTransfer[] Plan(ChipDescription chip)
    {
        var transfers = new List<RegisterTransfer>();
        int end = 0;
        IEnumerable<(int Index, RegisterValue Value)> ordered =
            chip.Values.Select((value, index) => (index, value)).OrderBy(entry => entry.value.Word.Register).ThenBy(entry => entry.index);
        foreach ((int index, RegisterValue value) in ordered)
        {
            RegisterWord word = value.Word;
            int wordEnd = word.Register + word.Width + chip.Checksum.BytesOfWord;
            RegisterTransfer? last = transfers.LastOrDefault();
            bool isJoined = last is not null && (chip.RegisterBytes == 0
                || (chip.CountsOn && word.Register <= end && Math.Max(end, wordEnd) + chip.Checksum.BytesOfTransfer - last.Register <= MaximumBytes)
                || (word.Register == last.Register && wordEnd == end));
            if (!isJoined)
            {
                last = new RegisterTransfer(chip, chip.RegisterBytes == 0 ? 0 : word.Register);
                transfers.Add(last);
                end = wordEnd;
            }
            end = Math.Max(end, wordEnd);
            last!._values.Add((index, value));
            last._bytes = new byte[end - last.Register + chip.Checksum.BytesOfTransfer];
        }
        return [.. transfers];
    }

    /// <summary>Fills in what <see cref="Bytes"/> hold. A word whose checksum is wrong costs only the values in it.</summary>
    public void Measure(Span<Measured> values)
    {
        bool isSound = !_checksum.IsOfTransfer || _checksum.Fits(_bytes);
        foreach ((int index, RegisterValue value) in _values)
        {
            ReadOnlySpan<byte> word = _bytes.AsSpan(value.Word.Register - Register, value.Word.Width + _checksum.BytesOfWord);
            values[index] = isSound && (_checksum.IsOfTransfer || _checksum.Fits(word))
                ? value.Measure(word)
                : Measured.None(Quality.Checksum);
        }
    }
}
