using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.I2c.Chips;
using EdgeAgent.Sensors.I2c.Chips.Registers;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Tests.Sensors.I2c.Chips;

public sealed class RegisterValueTests
{
    private static readonly Quantity Quantity = new("n", "", 3);

    [Theory]
    [InlineData("12", false, 0, 8, false, 0x12)]
    [InlineData("1234", false, 0, 16, false, 0x1234)]
    [InlineData("1234", true, 0, 16, false, 0x3412)]
    [InlineData("123456", false, 0, 24, false, 0x123456)]
    [InlineData("123456", true, 0, 24, false, 0x563412)]
    [InlineData("FFFFFF", false, 0, 24, true, -1)]
    [InlineData("800000", false, 0, 24, true, -8_388_608)]
    // BMP280's 20 bits, left-aligned in three bytes.
    [InlineData("655AC0", false, 4, 20, false, 415_148)]
    // MCP9808's 13 bits below three flags.
    [InlineData("FFFF", false, 0, 13, true, -1)]
    [InlineData("C194", false, 0, 13, true, 404)]
    [InlineData("40", false, 6, 1, false, 1)]
    [InlineData("BF", false, 6, 1, false, 0)]
    [InlineData("FFFFFFFFFFFFFFFE", false, 0, 64, true, -2)]
    [InlineData("0000000000000001", false, 0, 64, true, 1)]
    [InlineData("0000010000000000", true, 0, 64, false, 65_536)]
    public void Bits_of_any_width_order_place_and_sign_are_their_number(string bytes, bool isLittleEndian, int shift, int bits, bool isSigned, double number)
    {
        byte[] word = Convert.FromHexString(bytes);
        var value = new RegisterValue
        {
            Quantity = Quantity,
            Word = new RegisterWord(0, word.Length, isLittleEndian),
            Shift = shift,
            Bits = bits,
            IsSigned = isSigned,
        };

        Assert.Equal(Measured.Good(number), value.Measure(word));
    }

    [Theory]
    [InlineData("0064", Quality.Good, 5.0)]
    [InlineData("FFCE", Quality.Good, -70.0)]
    [InlineData("8000", Quality.NotReady, 0)]
    [InlineData("7FFF", Quality.OutOfRange, 0)]
    [InlineData("FF38", Quality.Good, -145.0)]
    [InlineData("FF37", Quality.OutOfRange, 0)]
    [InlineData("0082", Quality.Good, 20.0)]
    [InlineData("0083", Quality.OutOfRange, 0)]
    public void Special_numbers_and_limits_are_qualities_and_everything_else_is_scaled(string bytes, object quality, double number)
    {
        var value = new RegisterValue
        {
            Quantity = Quantity,
            Word = new RegisterWord(0, 2, false),
            Bits = 16,
            IsSigned = true,
            Scale = 0.5,
            Offset = -45,
            NotReady = [0x8000],
            OutOfRange = [0x7FFF, 0x7FFE],
            Range = new MeasuringRange(-145, 20),
        };

        Measured measured = value.Measure(Convert.FromHexString(bytes));

        Assert.Equal(new Measured(number, (Quality)quality), measured);
    }
}
