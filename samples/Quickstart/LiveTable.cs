using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EdgeAgent.Samples;

/// <summary>Draws what flows: the way of the readings from left to right, and below it what the database has just received.</summary>
internal static class LiveTable
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    public static IRenderable Draw(FlowSnapshot now, FlowSnapshot before, string pageAddress, string databaseFile)
    {
        double seconds = Math.Max(0.001, (now.Elapsed - before.Elapsed).TotalSeconds);
        var way = new Table { Border = TableBorder.Rounded, Expand = true, Title = new TableTitle($"[bold]EdgeAgent[/] after {now.Elapsed:hh\\:mm\\:ss}") };
        foreach (string stage in (string[])["published", "read", "on flash", "sent", "stored", "waiting", "on the wire"])
        {
            way.AddColumn(new TableColumn(stage).RightAligned());
        }
        way.AddRow(Count(now.Published), Count(now.Read), Count(now.Committed), Count(now.Sent), $"[green]{Count(now.Stored)}[/]",
            Bytes(now.BufferedBytes), Bytes(now.WireBytes));
        way.AddRow(
            Rate(now.Published - before.Published, seconds), Rate(now.Read - before.Read, seconds), Rate(now.Committed - before.Committed, seconds),
            Rate(now.Sent - before.Sent, seconds), Rate(now.Stored - before.Stored, seconds), "",
            now.Sent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[grey]{(double)now.WireBytes / now.Sent:0.0} B a reading[/]"));

        var latest = new Table { Border = TableBorder.Rounded, Expand = true, Title = new TableTitle("in the database") };
        latest.AddColumn("series");
        latest.AddColumn(new TableColumn("last").RightAligned());
        latest.AddColumn("unit");
        latest.AddColumn("trend");
        foreach (LatestReading series in now.Latest)
        {
            latest.AddRow(
                Markup.Escape(series.Series), series.Value.ToString("G6", CultureInfo.InvariantCulture), Markup.Escape(series.Unit), $"[aqua]{Trend(series.Trend)}[/]");
        }
        return new Rows(
            way, latest,
            new Markup($"page     [link]{pageAddress}[/]   [grey]Ctrl+C ends and compares everything[/]\ndatabase [grey]{Markup.Escape(databaseFile)}[/]"));
    }

    /// <summary>The same in one line, for an output that is no terminal.</summary>
    public static string Line(FlowSnapshot now) =>
        $"{now.Elapsed:hh\\:mm\\:ss} published {Count(now.Published)}, read {Count(now.Read)}, on flash {Count(now.Committed)}, sent {Count(now.Sent)}, "
        + $"stored {Count(now.Stored)}, waiting {Bytes(now.BufferedBytes)}, on the wire {Bytes(now.WireBytes)}";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(long readings, double seconds) => string.Create(CultureInfo.InvariantCulture, $"[grey]{readings / seconds:N0}/s[/]");

    private static string Bytes(long value) => value switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{value:N0} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1024.0:N1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1024.0 / 1024.0:N1} MiB"),
    };

    private static string Trend(IReadOnlyList<double> values)
    {
        double least = values.DefaultIfEmpty().Min();
        double range = values.DefaultIfEmpty().Max() - least;
        return string.Concat(values.Select(value => Bars[range == 0 ? 0 : (int)((value - least) / range * (Bars.Length - 1))]));
    }
}
