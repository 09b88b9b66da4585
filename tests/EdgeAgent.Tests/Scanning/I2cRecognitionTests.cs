using EdgeAgent.Scanning;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Simulation;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Scanning;

/// <summary>Every kind of chip at each of its addresses, alone on a bus.</summary>
public sealed class I2cRecognitionTests
{
    private static readonly ChipType[] Known = [.. ChipTypes.All.Where(type => type != ChipTypes.Registers)];

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 3, TimeSpan.Zero));

    public static TheoryData<string, int> All
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (ChipType type in Known)
            {
                foreach (int address in type.Addresses)
                {
                    all.Add(type.Name, address);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_chip_is_recognised_as_itself_or_stands_among_the_candidates_and_never_as_another(string name, int address)
    {
        ChipType type = Known.Single(known => known.Name == name);

        Finding forward = await ScanAsync(RecordingBus.Of(_time, (type, address)), Known);
        Finding backward = await ScanAsync(RecordingBus.Of(_time, (type, address)), [.. Known.Reverse()]);

        Assert.Equal($"bus 1, 0x{address:x2}", forward.Place);
        // Where a chip may be that obeys any byte nobody is asked.
        bool canBeAsked = type.Identity is not null && !Known.Any(other => other.ObeysAnyByte && other.Addresses.Contains(address));
        if (canBeAsked)
        {
            Assert.Equal((name, Certainty.Recognised), (forward.Name, forward.Certainty));
            string entry = $$"""{"chip":"{{name}}","address":"0x{{address:x2}}","series":"i2c-1/{{name}}-{{address:x2}}"}""";
            bool isComplete = type.TryReadDefaults(out _, out IReadOnlyList<string> missing);
            Assert.Equal(isComplete ? entry : null, forward.Entry?.Json);
            Assert.Equal(isComplete ? type.Description : $"{type.Description} Write {entry} and add what only you know: {string.Join(", ", missing)}.", forward.Remark);
        }
        else
        {
            Assert.Equal(("", Certainty.Doubtful), (forward.Name, forward.Certainty));
            Assert.Contains(name, forward.Candidates);
            Assert.Null(forward.Entry);
        }
        // The questions of one chip do not upset the next, in whichever order they are put.
        Assert.Equal((forward.Name, forward.Certainty), (backward.Name, backward.Certainty));
        Assert.Equal(forward.Candidates.Order(), backward.Candidates.Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_chip_is_asked_only_by_pointers_and_by_commands_that_its_datasheet_calls_reads(string name, int address)
    {
        ChipType type = Known.Single(known => known.Name == name);
        RecordingBus bus = RecordingBus.Of(_time, (type, address));

        await ScanAsync(bus, Known);

        byte[][] allowed = [[Sht3x.ReadStatus >> 8, Sht3x.ReadStatus & 0xFF], [Sht4x.ReadSerial], [Scd4x.GetDataReady >> 8, Scd4x.GetDataReady & 0xFF]];
        bool answersPlainReads = type.Identity is not { AnswersPlainReads: false };
        Assert.All(
            bus.Writes.Where(write => write.Address == address),
            write => Assert.True(answersPlainReads ? write.Bytes.Length == 1 : allowed.Any(command => command.SequenceEqual(write.Bytes))));
    }

    [Fact]
    public async Task An_address_of_a_chip_that_obeys_any_byte_is_only_read_from_and_so_are_memories_and_addresses_of_nobody()
    {
        RecordingBus bus = RecordingBus.Of(
            _time, (ChipTypes.Pcf8591, 0x48), (ChipTypes.Lm75, 0x4F), (ChipTypes.Bh1750, 0x23), (ChipTypes.Bh1750, 0x5C), (ChipTypes.Bme280, 0x50), (ChipTypes.Bme280, 0x33));

        ScanReport report = await ReportAsync(bus, Known);

        Assert.Equal(6, report.Findings.Count);
        Assert.All(report.Findings, finding => Assert.Equal(Certainty.Doubtful, finding.Certainty));
        Assert.DoesNotContain(bus.Writes, write => write.Address is 0x23 or 0x5C or (>= 0x48 and <= 0x57) or (>= 0x30 and <= 0x37));
        Assert.Contains(report.Findings, finding => finding.Place == "bus 1, 0x50" && finding.Remark.Contains("EEPROM", StringComparison.Ordinal));
        // The alert address of SMBus, whose reading takes an alert back, and what I2C keeps.
        Assert.Equal([.. Enumerable.Range(0x09, 0x77 - 0x08).Except([0x0C])], bus.Touched.Order());
    }

    [Fact]
    public async Task A_multiplexer_has_its_channels_back_after_it_was_taken_for_a_chip_with_registers()
    {
        var multiplexer = new OneRegisterChip { Value = 0x04 };
        RecordingBus bus = new(new Dictionary<int, SimulatedChip> { [0x77] = multiplexer });

        Finding found = await ScanAsync(bus, Known);

        Assert.Equal(Certainty.Doubtful, found.Certainty);
        Assert.Contains("multiplexer", found.Remark, StringComparison.Ordinal);
        Assert.Equal(0x04, multiplexer.Value);
        Assert.True(bus.Writes.Count > 1);
    }

    [Fact]
    public async Task A_chip_that_measures_for_somebody_keeps_its_measurement()
    {
        RecordingBus bus = RecordingBus.Of(_time, (ChipTypes.Scd4x, 0x62));
        using System.Device.I2c.I2cDevice agent = bus.CreateDevice(0x62);
        agent.WriteCommand(Scd4x.StartPeriodic);
        _time.Advance(TimeSpan.FromSeconds(6));

        Finding found = await ScanAsync(bus, Known);

        Assert.Equal("scd4x", found.Name);
        agent.WriteCommand(Scd4x.ReadMeasurement);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        byte[] measurement = new byte[9];
        agent.Read(measurement);
        Assert.True(SensirionWord.AreSound(measurement));
    }

    private async Task<Finding> ScanAsync(RecordingBus bus, IReadOnlyList<ChipType> chips) => Assert.Single((await ReportAsync(bus, chips)).Findings);

    private async Task<ScanReport> ReportAsync(RecordingBus bus, IReadOnlyList<ChipType> chips)
    {
        using var folder = new TemporaryFolder();
        var scan = new I2cBusScan("1", () => bus, new I2cOwners(new HardwareRoot(folder.Path), 1), _time) { Chips = chips, Pause = _time.Advance };
        ScanReport report = await scan.RunAsync(CancellationToken.None);
        Assert.Empty(report.Problems);
        return report;
    }

    /// <summary>A TCA9548A: what is written last is what is read, and which channels are joined.</summary>
    private sealed class OneRegisterChip : SimulatedChip
    {
        public byte Value { get; set; }

        public override void LosePower() => Value = 0;

        protected override void Take(ReadOnlySpan<byte> bytes) => Value = bytes[^1];

        protected override void Give(Span<byte> bytes) => bytes.Fill(Value);
    }
}
