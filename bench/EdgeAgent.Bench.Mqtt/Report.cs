using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>A table for people, or the same as JSON.</summary>
internal sealed class Report(bool json, string title)
{
    // Of a process that does not say when its first message came the rate is not known.
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly List<Row> _rows = [];

    public void Add(string name, Measured measured, Measured load) => _rows.Add(new Row(
        name, measured.PerSecond, measured.ProcessorSecondsPerMillion, (double)measured.AllocatedBytes / measured.Messages, load.PerSecond, load.ProcessorSecondsPerMillion));

    /// <summary>Ours to theirs.</summary>
    public void AddRatio(string name, Measured ours, Measured theirs) => _rows.Add(new Row(
        name, ours.PerSecond / theirs.PerSecond, ours.ProcessorSecondsPerMillion / theirs.ProcessorSecondsPerMillion, 0, 0, 0));

    public void Print()
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { title, rows = _rows }, Json));
            return;
        }
        Console.WriteLine($"{Environment.ProcessorCount} processors; {title}");
        Console.WriteLine($"{"",-24}{"messages/s",14}{"CPU s/million",16}{"B allocated",14}{"published/s",14}{"load CPU s/M",14}");
        foreach (Row row in _rows)
        {
            string rate = row.PerSecond < 1_000 ? "F2" : "N0";
            Console.WriteLine(
                $"{row.Name,-24}{Cell(row.PerSecond, rate),14}{Cell(row.ProcessorSecondsPerMillion, "F2"),16}{Cell(row.AllocatedPerMessage, "F1"),14}{Cell(row.PublishedPerSecond, "N0"),14}{Cell(row.LoadProcessorSecondsPerMillion, "F2"),14}");
        }
    }

    private static string Cell(double value, string format) => value is 0 or double.NaN ? "" : value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Row(
        string Name,
        double PerSecond,
        double ProcessorSecondsPerMillion,
        double AllocatedPerMessage,
        double PublishedPerSecond,
        double LoadProcessorSecondsPerMillion);
}
