using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

public sealed partial class MetricNameTests
{
    [Fact]
    public void Every_metric_of_the_agent_that_a_page_names_is_there()
    {
        string[] instruments = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/EdgeAgent"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];
        string[] named = [.. Repository.Pages().SelectMany(page => Mention().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))).Select(match => match.Value)];

        Assert.True(named.Length > 20, $"only {named.Length} metrics were found");
        // A family, such as edge_agent.loss_window.*, is named by what its members begin with.
        Assert.DoesNotContain(named, name => !instruments.Any(instrument => instrument == name || instrument.StartsWith($"{name}.", StringComparison.Ordinal)));
    }

    [GeneratedRegex("""["](edge_agent\.[a-z0-9_.]+)["]""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\bedge_agent\.[a-z0-9_.]*[a-z0-9]")]
    private static partial Regex Mention();
}
