using System.Diagnostics.Metrics;
using EdgeAgent.Diagnostics;
using EdgeAgent.LocalStatus;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.LocalStatus;

public sealed class PrometheusTextTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    /// <summary>A parser that nobody here wrote: Prometheus' own client library, of Debian.</summary>
    private const string Parser = """
        import sys
        from prometheus_client.parser import text_string_to_metric_families
        families = list(text_string_to_metric_families(sys.stdin.read()))
        for family in families:
            assert family.documentation and family.type in ('counter', 'gauge'), family
            for sample in family.samples:
                print(sample.name, sample.value, sorted(sample.labels.items()))
        """;

    [Theory]
    [InlineData("edge_agent.readings.read", "{reading}", true, "edge_agent_readings_read_total")]
    [InlineData("edge_agent.uplink.sent", "By", true, "edge_agent_uplink_sent_bytes_total")]
    [InlineData("edge_agent.uplink.freshness", "s", false, "edge_agent_uplink_freshness_seconds")]
    [InlineData("edge_agent.clock.known", "1", false, "edge_agent_clock_known")]
    public void Names_are_as_prometheus_wants_them(string instrument, string unit, bool isCounter, string name) =>
        Assert.Equal(name, PrometheusName.Of(instrument, unit, isCounter));

    [Fact]
    public void Each_family_has_its_help_and_type_once_before_its_samples()
    {
        using AgentMetrics metrics = Filled();
        string[] lines = PrometheusText.Of(metrics).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] families = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.Equal(families.Distinct().Count(), families.Length);
        string current = "";
        foreach (string line in lines)
        {
            current = line.StartsWith("# TYPE ", StringComparison.Ordinal) ? line.Split(' ')[2] : current;
            Assert.True(line[0] == '#' || line.StartsWith(current + " ", StringComparison.Ordinal) || line.StartsWith(current + "{", StringComparison.Ordinal), line);
        }
        Assert.Contains("edge_agent_readings_read_total{source=\"i2c\"} 5", lines);
        Assert.Contains("edge_agent_polls_answered_total{sensor=\"a\\\"b\\\\c\\nd\"} 3", lines);
        Assert.Contains("# TYPE edge_agent_clock_known gauge", lines);
        Assert.EndsWith("\n", PrometheusText.Of(metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_instrument_is_documented_under_the_name_that_prometheus_gets()
    {
        string documentation = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs/status.md"));
        using AgentMetrics metrics = Filled();
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(instrument) };
        listener.Start();
        instruments.RemoveAll(instrument => !metrics.Has(instrument));
        Assert.True(instruments.Count > 60);
        Assert.All(instruments, instrument =>
        {
            bool isCounter = instrument is ObservableCounter<long>;
            string row = $"| `{PrometheusName.Of(instrument.Name, instrument.Unit, isCounter)}` | {(isCounter ? "counter" : "gauge")} |";
            Assert.Contains(row, documentation, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Another_agent_in_the_same_process_is_not_mixed_in()
    {
        using AgentMetrics metrics = Filled();
        using var other = new AgentMetrics();
        other.ReadingsRead.Add(ReadingSource.I2c, 1_000);
        Assert.Contains("edge_agent_readings_read_total{source=\"i2c\"} 5\n", PrometheusText.Of(metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_without_end_are_cut_off_and_counted()
    {
        using AgentMetrics metrics = Filled();
        for (int i = 0; i < 6_000; i++)
        {
            metrics.PollsAnswered.Of($"sensor{i}").Add();
        }
        string text = PrometheusText.Of(metrics);
        Assert.InRange(text.Split('\n').Length, 5_000, 5_400);
        Assert.DoesNotContain("edge_agent_metrics_left_out 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nedge_agent_metrics_left_out ", text, StringComparison.Ordinal);
    }

    [InstalledFact("/usr/lib/python3/dist-packages/prometheus_client/__init__.py")]
    public async Task Prometheus_own_library_reads_the_values_and_labels_that_were_written()
    {
        using AgentMetrics metrics = Filled();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["metrics"], PrometheusText.Of(metrics));
        await File.WriteAllTextAsync(folder["parse.py"], Parser);
        (int exitCode, string output) = await ForeignProcess.RunAsync("sh", ["-c", $"/usr/bin/python3 {folder["parse.py"]} < {folder["metrics"]}"], Enough);
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n');
        Assert.Contains("edge_agent_readings_read_total 5.0 [('source', 'i2c')]", lines);
        Assert.Contains("""edge_agent_polls_answered_total 3.0 [('sensor', 'a"b\\c\nd')]""", lines);
        Assert.Contains(lines, line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal));
    }

    [InstalledFact("promtool")]
    public async Task Prometheus_own_linter_has_nothing_to_say()
    {
        using AgentMetrics metrics = Filled();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["metrics"], PrometheusText.Of(metrics));
        (int exitCode, string output) = await ForeignProcess.RunAsync("sh", ["-c", $"promtool check metrics < {folder["metrics"]}"], Enough);
        Assert.Equal((0, ""), (exitCode, output.Trim()));
    }

    private static AgentMetrics Filled()
    {
        var metrics = new AgentMetrics();
        metrics.ReadingsRead.Add(ReadingSource.I2c, 5);
        metrics.PollsAnswered.Of("a\"b\\c\nd").Add(3);
        metrics.PollsLate.Of("i2c-1").Add();
        metrics.I2cStuck.At("1").Set(1);
        metrics.I2cFailures.At("1").Add(0);
        metrics.CertificateLeft.Source = () => TimeSpan.FromDays(3);
        metrics.Freshness.Source = () => TimeSpan.FromSeconds(1.25);
        metrics.FlashDevice.Source = () => 12;
        return metrics;
    }
}
