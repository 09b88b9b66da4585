using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.LocalStatus;

/// <summary>
/// All instruments of the agent in Prometheus' text format 0.0.4:
/// <code>
/// text   := family*
/// family := "# HELP " name " " description LF  "# TYPE " name " " ( "counter" | "gauge" ) LF  sample*
/// sample := name [ "{" label "=" '"' value '"' { "," … } "}" ] " " number LF       \, " and line feed escaped in values; \ and line feed in descriptions
/// </code>
/// An instrument that has nothing to tell at present is left out.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Labels come from the configuration: sensors, buses, rules. More than this are left out, and counted.</summary>
    private const int MostSamples = 5_000;

    private readonly StringBuilder _text = new(32 * 1024);
    private Instrument? _family;
    private string _name = "";
    private int _samples;
    private int _leftOut;

    private PrometheusText()
    {
    }

    public static string Of(AgentMetrics metrics)
    {
        var text = new PrometheusText();
        // A listener for each question: the agent keeps its numbers in any case, and nobody pays for one that nobody reads.
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (metrics.Has(instrument))
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => text.Add(instrument, value.ToString(CultureInfo.InvariantCulture), labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => text.Add(instrument, Number(value), labels));
        listener.Start();
        listener.RecordObservableInstruments();
        text.AddProcess();
        return text._text.ToString();
    }

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (_samples >= MostSamples)
        {
            _leftOut++;
            return;
        }
        _samples++;
        if (_family != instrument)
        {
            _family = instrument;
            bool isCounter = instrument is ObservableCounter<long> or ObservableCounter<double>;
            Begin(PrometheusName.Of(instrument.Name, instrument.Unit, isCounter), isCounter ? "counter" : "gauge", instrument.Description ?? "");
        }
        _text.Append(_name);
        char before = '{';
        foreach ((string label, object? content) in labels)
        {
            _text.Append(before).Append(label.Replace('.', '_')).Append("=\"");
            Escape(content?.ToString() ?? "", isLabel: true);
            _text.Append('"');
            before = ',';
        }
        _text.Append(labels.IsEmpty ? " " : "} ").Append(value).Append('\n');
    }

    private void AddProcess()
    {
        ProcessStatus process = ProcessWatch.Look();
        AddOne("process_resident_memory_bytes", "gauge", "Memory of the process that is in RAM.", process.MemoryBytes.ToString(CultureInfo.InvariantCulture));
        AddOne("process_cpu_seconds_total", "counter", "Processor time that the process has used.", Number(process.ProcessorTime.TotalSeconds));
        AddOne("edge_agent_metrics_left_out", "gauge", "Samples that this answer has no room for.", _leftOut.ToString(CultureInfo.InvariantCulture));
        Begin("edge_agent_build_info", "gauge", "Always 1; its label says which version runs.");
        _text.Append(_name).Append("{version=\"");
        Escape(AgentVersion.Value, isLabel: true);
        _text.Append("\"} 1\n");
    }

    private void AddOne(string name, string type, string help, string value)
    {
        Begin(name, type, help);
        _text.Append(name).Append(' ').Append(value).Append('\n');
    }

    private void Begin(string name, string type, string help)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, isLabel: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Escape(string content, bool isLabel)
    {
        foreach (char letter in content)
        {
            _ = letter switch
            {
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '"' when isLabel => _text.Append("\\\""),
                _ => _text.Append(letter),
            };
        }
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
