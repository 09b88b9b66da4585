using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.I2c.Chips.Registers;

/// <summary>An entry of list <c>values</c>.</summary>
internal static class RegisterValueReader
{
    private const double Huge = 1e15;

    public static RegisterValue Read(ConfigSection section, int registerBytes)
    {
        string name = section.Text("name", required: true) ?? "";
        if (section.Has("name") && name.Length == 0)
        {
            section.Report("name", "This is empty. Write what the value is, such as \"temperature\".");
        }
        string unit = section.Text("unit", "");
        RegisterWord word = RegisterWordReader.Read(section, registerBytes);
        int shift = section.Integer("shift", 0, 0, 63);
        int left = Math.Max(1, (8 * word.Width) - shift);
        int bits = section.OptionalInteger("bits", 1, 64) ?? left;
        if (shift + bits > 8 * word.Width)
        {
            string taken = $"{bits} bits above a shift of {shift} do not fit into {8 * word.Width}.";
            section.Report(section.Has("bits") ? "bits" : "shift", $"{taken} Change \"bits\", \"shift\" or \"width\".");
            bits = left;
        }
        ulong largest = ulong.MaxValue >> (64 - bits);
        double scale = section.Number("scale", -Huge, Huge) ?? 1;
        if (scale == 0)
        {
            section.Report("scale", "With a scale of 0 every value is the same. Write what one step of the raw number means.");
            scale = 1;
        }
        double minimum = section.Number("minimum", -Huge, Huge) ?? double.NegativeInfinity;
        double maximum = section.Number("maximum", -Huge, Huge) ?? double.PositiveInfinity;
        if (minimum > maximum)
        {
            section.Report("maximum", "This is less than \"minimum\". Make it at least as large.");
        }
        return new RegisterValue
        {
            Quantity = new Quantity(name, unit, section.OptionalInteger("decimals", 0, 15) ?? Resolution.Decimals(scale)),
            Word = word,
            Shift = shift,
            Bits = bits,
            IsSigned = section.Flag("signed", false),
            Scale = scale,
            Offset = section.Number("offset", -Huge, Huge) ?? 0,
            NotReady = section.Codes("notReady", largest),
            OutOfRange = section.Codes("outOfRange", largest),
            Range = new MeasuringRange(minimum, maximum),
        };
    }
}
