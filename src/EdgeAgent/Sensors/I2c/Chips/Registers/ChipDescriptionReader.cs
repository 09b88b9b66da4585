using System.Device.I2c;
using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>The keys of an entry with <c>"chip": "registers"</c>.</summary>
internal static class ChipDescriptionReader
{
    /// <summary>What one poll reads and sends is bounded by it.</summary>
    private const int MaximumValues = 32;

    public static Func<I2cDevice, IChip> ReadDriver(ConfigSection section)
    {
        ChipDescription chip = Read(section);
        return device => new DescribedChip(device, chip);
    }

    private static ChipDescription Read(ConfigSection section)
    {
        if (!section.Has("address"))
        {
            section.Report("address", "This key is missing. Add it.");
        }
        int registerBytes = section.Integer("registerBytes", 1, 0, 2);
        RegisterChecksum checksum = ReadChecksum(section);
        bool countsOn = section.Flag("autoIncrement", false);
        if (countsOn && registerBytes == 0)
        {
            section.Report("autoIncrement", "A chip without registers has none to count on from. Remove this.");
        }
        return new ChipDescription
        {
            RegisterBytes = registerBytes,
            CountsOn = countsOn,
            Identify = ReadMatch(section, "identify", registerBytes),
            Setup = ReadWrites(section),
            Start = ReadStart(section),
            Wait = section.Time("wait", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            Ready = ReadMatch(section, "ready", registerBytes),
            Checksum = checksum,
            Values = ReadValues(section, registerBytes, checksum),
        };
    }

    private static List<byte[]> ReadWrites(ConfigSection section)
    {
        var writes = new List<byte[]>();
        foreach (ConfigNode text in section.Texts("init"))
        {
            if (ReadBytes(section, text) is { } bytes)
            {
                writes.Add(bytes);
            }
        }
        return writes;
    }

    private static byte[] ReadStart(ConfigSection section)
    {
        ConfigNode? value = section.Any("start");
        return value is null ? [] : ReadBytes(section, value) ?? [];
    }

    private static byte[]? ReadBytes(ConfigSection section, ConfigNode value)
    {
        if (value.Kind == ConfigNodeKind.Text && ByteText.TryRead(value.Text) is { Length: <= RegisterTransfer.MaximumBytes + 1 } bytes)
        {
            return bytes;
        }
        section.Report(value, $"These are not 1 to {RegisterTransfer.MaximumBytes + 1} bytes. Write two hexadecimal digits for each, such as \"24 00\".");
        return null;
    }

    private static RegisterChecksum ReadChecksum(ConfigSection section)
    {
        if (section.OptionalSection("checksum") is not { } checksum)
        {
            return RegisterChecksum.None;
        }
        ChecksumKind kind = checksum.Choice(
            "kind",
            ChecksumKind.Crc8,
            ("crc8", ChecksumKind.Crc8),
            ("crc8-maxim", ChecksumKind.Crc8Maxim),
            ("xor", ChecksumKind.Xor),
            ("sum", ChecksumKind.Sum));
        ulong? polynomial = checksum.Code("polynomial", byte.MaxValue);
        ulong? initial = checksum.Code("initial", byte.MaxValue);
        foreach (string key in (ReadOnlySpan<string>)["polynomial", "initial"])
        {
            if (kind != ChecksumKind.Crc8 && checksum.Has(key))
            {
                checksum.Report(key, "Only the kind \"crc8\" has this. Remove it, or change \"kind\".");
            }
        }
        return new RegisterChecksum(
            kind,
            (byte)(polynomial ?? RegisterChecksum.DefaultPolynomial),
            (byte)(initial ?? RegisterChecksum.DefaultInitial),
            checksum.Choice("over", false, ("word", false), ("transfer", true)));
    }

    private static RegisterMatch? ReadMatch(ConfigSection section, string key, int registerBytes)
    {
        if (section.OptionalSection(key) is not { } match)
        {
            return null;
        }
        if (registerBytes == 0)
        {
            section.Report(key, "A chip without registers has none to look at. Remove this.");
        }
        RegisterWord word = RegisterWordReader.Read(match, registerBytes);
        ulong all = ulong.MaxValue >> (64 - (8 * word.Width));
        ulong mask = match.Code("mask", all) ?? all;
        ulong value = match.Code("value", all, required: true) ?? 0;
        if ((value & ~mask) != 0)
        {
            match.Report("value", $"This has bits that are not in the mask 0x{mask:x}, so that it never fits. Change one of the two.");
        }
        return new RegisterMatch(word, mask, value);
    }

    private static List<RegisterValue> ReadValues(ConfigSection section, int registerBytes, RegisterChecksum checksum)
    {
        var values = new List<RegisterValue>();
        foreach (ConfigSection value in section.Sections("values", required: true))
        {
            RegisterValue read = RegisterValueReader.Read(value, registerBytes);
            if (values.Any(other => other.Quantity.Name == read.Quantity.Name))
            {
                value.Report("name", $"Two values of this chip are called \"{read.Quantity.Name}\". Give one of them another name.");
            }
            int end = read.Word.Register + read.Word.Width + checksum.BytesOfWord + checksum.BytesOfTransfer;
            if (registerBytes == 0 && end > RegisterTransfer.MaximumBytes)
            {
                value.Report("register", $"The answer would have {end} bytes; at most {RegisterTransfer.MaximumBytes} are read. Choose an earlier place.");
            }
            values.Add(read);
        }
        if (values.Count > MaximumValues)
        {
            section.Report("values", $"There are {values.Count} values here; a chip has at most {MaximumValues}. Remove some.");
        }
        return values;
    }
}
