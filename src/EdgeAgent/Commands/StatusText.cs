using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeAgent.Configuration;

namespace EdgeAgent.Commands;

/// <summary>
/// A status for people, in 80 columns: what needs attention and what to do, then the device, its series and the sensors that fail.
/// What comes from devices is shown without its control characters: a terminal would obey them.
/// </summary>
internal sealed class StatusText
{
    private const int Width = 80;
    private const int LabelWidth = 14;

    /// <summary>Series that are shown; --json has all. A screenful, and some.</summary>
    private const int MostSeries = 60;

    private readonly StringBuilder _text = new();
    private readonly StatusView _status;
    private readonly bool _isColoured;

    private StatusText(JsonElement status, bool isColoured) => (_status, _isColoured) = (new StatusView(status), isColoured);

    public static string Of(JsonElement status, bool isColoured)
    {
        var text = new StatusText(status, isColoured);
        if (text._status.IsRunning)
        {
            text.Write();
        }
        else
        {
            text.Wrap("", text._status.Text("sentence") ?? "The agent is not ready.", "33");
        }
        return text._text.ToString();
    }

    /// <summary>Whether a person should look.</summary>
    public static bool NeedsAttention(JsonElement status)
    {
        var view = new StatusView(status);
        return !view.IsRunning || view.Items("attention").Any(static finding => finding.Flag("isWrong"));
    }

    private void Write()
    {
        bool isWrong = _status.Items("attention").Any(static finding => finding.Flag("isWrong"));
        string verdict = isWrong ? "something needs attention" : "all is well";
        string version = _status.Text("version")?.Split('+')[0] ?? "";
        _text.Append(Ink("1", _status.Text("device") ?? "edge-agent")).Append(Clean($"  edge-agent {version}, running {Span("runningSeconds")}, "))
            .Append(Ink(isWrong ? "1;31" : "1;32", verdict)).Append("\n\n");
        foreach (StatusView finding in _status.Items("attention"))
        {
            Wrap(finding.Flag("isWrong") ? "! " : "- ", finding.Text("what") ?? "", finding.Flag("isWrong") ? "31" : "33");
            Wrap("  ", finding.Text("toDo") ?? "", "");
            _text.Append('\n');
        }
        WriteLine();
        WriteStore();
        WriteRest();
        WriteSensors();
        WriteSeries();
    }

    private void WriteLine()
    {
        string receipt = _status.Number("uplink", "acknowledgedSecondsAgo") is { } ago ? $"last receipt {Span(ago)} ago" : "no receipt yet";
        string state = _status.Text("connection", "state") is "untried" or null ? "not tried yet" : $"{_status.Text("connection", "state")} for {Span("connection", "seconds")}";
        Fact("cloud", $"{state}, {receipt}, {_status.Text("connection", "endpoint")}");
        string renewal = _status.Text("certificate", "renewal") is { } word ? ", " + Words(word) : "";
        string days = _status.Number("certificate", "days") is { } left ? Invariant($" ({Math.Floor(left):f0} days left)") : "";
        Fact("certificate", _status.Text("certificate", "until") is { } until ? until[..10] + days + renewal : "none, or not shown yet");
        string within = _status.Number("clock", "uncertaintySeconds") is { } seconds ? Invariant($" within {seconds * 1000:0.###} ms") : "";
        Fact("time", _status.Flag("time", "isKnown") ? $"{_status.Text("time", "now")?[..19]}Z, known by {_status.Text("clock", "source")}{within}" : "not known: provisional");
        if (_status.Number("liveDelaySeconds") is { } delay)
        {
            Fact("cloud lags", Span(delay));
        }
    }

    private void WriteStore()
    {
        foreach ((string name, StatusView lane) in _status.Members("lanes"))
        {
            string waiting = lane.Number("bytes") is > 0 and var bytes ? $"{Bytes(bytes)} wait, the oldest for {Span(lane.Number("oldestSeconds"))}" : "nothing waits";
            string gone = name == "backlog" && _status.Number("backlogEmptyInSeconds") is { } left ? $", sent in {Span(left)}" : "";
            string held = _status.Text("traffic", name) is { } hold and not "may send" ? ", " + hold : "";
            Fact(name, $"{waiting}{gone}{held} ({Words(lane.Text("state") ?? "")})");
        }
        string full = _status.Number("buffer", "fullInSeconds") is { } fullIn ? $", full in {Span(fullIn)} if nothing is sent" : "";
        Fact("spool", _status.Text("spool") is { } spool
            ? $"{spool}, {Bytes(_status.Number("buffer", "bytesOnDisk"))} of {Bytes(_status.Number("buffer", "maximumBytes"))}{full}"
            : _status.Text("buffer", "obstacle") ?? "cannot be opened");
        string budget = _status.Number("flash", "bytesPerDay") is { } day ? $", {Bytes(_status.Number("flash", "bytesLeftToday"))} left of {Bytes(day)} today" : "";
        string wear = _status.Number("flash", "wearPercent") is { } worn ? Invariant($", {worn:f0} % worn") : "";
        Fact("flash", $"{Bytes(_status.Number("flash", "spoolBytes"))} written since the start{budget}{wear}");
        Fact("traffic", $"{Traffic("day", "today")}, {Traffic("month", "this month")}");
    }

    private string Traffic(string period, string name) => _status.Number("traffic", period, "limit") is null
        ? $"{Bytes(_status.Number("traffic", period, "bytes"))} {name}"
        : $"{name} {_status.Text("traffic", period, "text")}";

    private void WriteRest()
    {
        string trial = _status.Number("configuration", "trial", "secondsLeft") is { } left ? $", on trial for {Span(left)} more" : "";
        Fact("configuration", _status.Number("configuration", "revision") is > 0 and var revision
            ? Invariant($"revision {revision:f0} by {_status.Text("configuration", "author")}{trial}") : "its own file");
        string[] lost =
        [
            .. _status.Members("losses", "dropped").Select(cause => $"{Count(cause.Value.Number())} {Words(cause.Name)}"),
            .. ((string[])["evicted", "thinned"]).Where(cause => _status.Number("readings", cause) > 0).Select(cause => $"{Count(_status.Number("readings", cause))} {cause}"),
        ];
        Fact("readings", $"{Count(_status.Number("readings", "read"))} read, {Count(_status.Number("readings", "acknowledged"))} in the cloud, "
            + (lost.Length == 0 ? "none lost" : $"lost: {string.Join(", ", lost)}"));
        string threads = _status.Number("process", "threads") is { } number ? Invariant($", {number:f0} threads") : "";
        Fact("memory", Bytes(_status.Number("process", "memoryBytes")) + threads);
    }

    private void WriteSensors()
    {
        StatusView[] failing = [.. _status.Items("sensors").Where(static sensor => sensor.Number("failedInARow") > 0)];
        if (failing.Length > 0)
        {
            _text.Append('\n').Append(Ink("1", $"{"sensor that fails",-36} {"why",-20} {"failures",9} {"answered",10}")).Append('\n');
        }
        foreach (StatusView sensor in failing)
        {
            string ago = sensor.Number("answeredSecondsAgo") is { } seconds ? Span(seconds) + " ago" : "never";
            _text.Append(Clean($"{Cut(sensor.Text("name"), 36),-36} "))
                .Append(Ink("31", $"{Cut(Words(sensor.Text("quality") ?? ""), 20),-20}")).Append($" {Count(sensor.Number("failedInARow")),9} {ago,10}\n");
        }
    }

    private void WriteSeries()
    {
        StatusView[] series = [.. _status.Items("series")];
        if (series.Length == 0)
        {
            _text.Append("\nThere are no readings yet.\n");
            return;
        }
        DateTimeOffset? now = Time(_status.Text("time", "now"));
        _text.Append('\n').Append(Ink("1", $"{"series",-36} {"last value",20} {"age",9} {"every",10}")).Append('\n');
        foreach (StatusView one in series.Take(MostSeries))
        {
            bool hasValue = one.Raw("value") is not null;
            string value = hasValue ? Value(one) : Words(one.Text("quality") ?? "none yet");
            string age = Time(one.Text("at")) is { } at && now is { } known ? Span((known - at).TotalSeconds) : "";
            string every = one.Number("everySeconds") is { } seconds ? seconds < 1 ? Invariant($"{seconds * 1000:f0}ms") : Span(seconds) : "";
            _text.Append(Clean($"{Cut(one.Text("name"), 36),-36} "))
                .Append(Ink(hasValue ? "" : "31", $"{Cut(value, 20),20}")).Append(Clean($" {age,9} {every,10}\n"));
        }
        double more = Math.Max(0, series.Length - MostSeries) + (_status.Number("seriesLeftOut") ?? 0);
        if (more > 0)
        {
            _text.Append(Invariant($"… and {more:f0} more\n"));
        }
    }

    private void Fact(string label, string text) => Wrap(label.PadRight(LabelWidth), text, "");

    /// <summary>By words, later lines as far in as the first one's text.</summary>
    private void Wrap(string first, string text, string ink)
    {
        string indent = new(' ', first.Length);
        string line = "";
        string start = first;
        foreach (string word in Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent.Length + line.Length + 1 + word.Length > Width)
            {
                _text.Append(start).Append(Ink(ink, line)).Append('\n');
                (line, start) = ("", indent);
            }
            line += line.Length == 0 ? word : " " + word;
        }
        _text.Append(start).Append(Ink(ink, line)).Append('\n');
    }

    private string Ink(string code, string text) => _isColoured && code.Length > 0 ? $"\e[{code}m{Clean(text)}\e[0m" : Clean(text);

    private string Span(params ReadOnlySpan<string> path) => Span(_status.Number(path));

    private static string Span(double? seconds) => seconds is { } known ? Duration.Rough(TimeSpan.FromSeconds(known)) : "?";

    private static string Bytes(double? bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        double size = bytes ?? 0;
        for (; Math.Abs(size) >= 1024 && unit < units.Length - 1; unit++)
        {
            size /= 1024;
        }
        return bytes is null ? "?" : unit == 0 ? Invariant($"{size:f0} B") : Invariant($"{size:f1} {units[unit]}");
    }

    private static string Count(double? number) => number is { } known ? known.ToString("#,0", CultureInfo.InvariantCulture) : "?";

    private static string Words(string word) => word.Replace('_', ' ');

    /// <summary>UCUM's codes of a degree and of bytes are for programs.</summary>
    private static string Value(StatusView series) => (series.Text("unit"), series.Number("value")) switch
    {
        ("By", { } bytes) => Bytes(bytes),
        ("By/s", { } bytes) => Bytes(bytes) + "/s",
        ("Cel", _) => $"{series.Raw("value")} °C",
        (var unit, _) => $"{series.Raw("value")} {unit}".TrimEnd(),
    };

    private static string Cut(string? text, int length) => text is null ? "" : text.Length <= length ? text : "…" + text[^(length - 1)..];

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string Clean(string text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
        ? string.Concat(text.Select(static letter => char.IsControl(letter) && letter != '\n' ? '?' : letter)) : text;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
