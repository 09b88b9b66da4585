using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips.Registers;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class RegisterTransferTests
{
    [Fact]
    public void Registers_that_adjoin_are_read_in_one_transfer_and_one_that_nobody_named_is_not_read()
    {
        using var rig = Rig(new ChipDescription { CountsOn = true, Values = [Value(0x10, 2), Value(0x20, 1), Value(0x12, 3), Value(0x11, 1), Value(0x22, 1)] });
        for (int i = 0; i < 0x30; i++)
        {
            rig.Model.Memory[i] = (byte)i;
        }

        Measured[] values = rig.PrepareAndMeasure();

        Assert.Equal([(0x10, 5), (0x20, 1), (0x22, 1)], rig.Model.Reads);
        Assert.Equal([0x1011, 0x20, 0x121314, 0x11, 0x22], values.Select(value => value.Value));
    }

    [Fact]
    public void A_chip_that_does_not_count_on_is_asked_once_for_each_register_even_where_several_values_share_it()
    {
        using var rig = Rig(new ChipDescription { Values = [Value(0x05, 2, shift: 8), Value(0x06, 2), Value(0x05, 2, bits: 8)] });
        rig.Model.Memory[5] = 0xAA;
        rig.Model.Memory[6] = 0xBB;
        rig.Model.Memory[7] = 0xCC;

        Measured[] values = rig.PrepareAndMeasure();

        Assert.Equal([(0x05, 2), (0x06, 2)], rig.Model.Reads);
        Assert.Equal([0xAA, 0xBBCC, 0xBB], values.Select(value => value.Value));
    }

    [Fact]
    public void No_transfer_is_longer_than_a_block_of_SMBus()
    {
        using var rig = Rig(new ChipDescription { CountsOn = true, Values = [.. Enumerable.Range(0, 10).Select(i => Value(0x10 + (8 * i), 8))] });

        rig.PrepareAndMeasure();

        Assert.Equal([(0x10, 32), (0x30, 32), (0x50, 16)], rig.Model.Reads);
    }

    [Fact]
    public void A_register_number_of_two_bytes_goes_over_the_wire_high_byte_first()
    {
        using var rig = Rig(new ChipDescription { RegisterBytes = 2, Values = [Value(0x1234, 2)] }, pointerBytes: 2);
        rig.Model.Memory[0x1234] = 0x56;

        Assert.Equal(Measured.Good(0x5600), Assert.Single(rig.PrepareAndMeasure()));
        Assert.Equal("1234", Assert.Single(rig.Model.Writes));
    }

    [Fact]
    public void A_checksum_of_the_transfer_is_its_last_byte_and_a_wrong_one_costs_all_its_values()
    {
        using var rig = Rig(new ChipDescription
        {
            CountsOn = true,
            Checksum = new RegisterChecksum(ChecksumKind.Sum, IsOfTransfer: true),
            Values = [Value(0x10, 2), Value(0x12, 1)],
        });
        (rig.Model.Memory[0x10], rig.Model.Memory[0x11], rig.Model.Memory[0x12], rig.Model.Memory[0x13]) = (1, 2, 3, 6);

        Assert.Equal([Measured.Good(0x0102), Measured.Good(3)], rig.PrepareAndMeasure());
        Assert.Equal([(0x10, 4)], rig.Model.Reads);
        rig.Model.Memory[0x13] = 7;
        Assert.All(rig.Measure(), value => Assert.Equal(Measured.None(Quality.Checksum), value));
    }

    private static ChipRig<RecordingChip> Rig(ChipDescription description, int pointerBytes = 1) =>
        new((_, _) => new RecordingChip(pointerBytes), device => new DescribedChip(device, description));

    private static RegisterValue Value(int register, int width, int shift = 0, int? bits = null) => new()
    {
        Quantity = new Quantity($"n{register}", "", 0),
        Word = new RegisterWord(register, width, false),
        Shift = shift,
        Bits = bits ?? ((8 * width) - shift),
    };
}
