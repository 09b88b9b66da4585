using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>The readings of one series, as they went in or came out, comparable down to the bits of NaN.</summary>
internal sealed class SeriesReadings(SeriesKind kind)
{
    private readonly List<string> _readings = [];

    public SeriesKind Kind => kind;

    public IReadOnlyList<string> Readings => _readings;

    public void Add(long unixNanoseconds, double number, string? text, Quality quality)
    {
        string value = quality >= Quality.NoResponse ? "none"
            : kind == SeriesKind.Text ? $"'{text}'"
            : $"{BitConverter.DoubleToInt64Bits(number):x16}";
        _readings.Add($"{unixNanoseconds} {value} {quality}");
    }
}
