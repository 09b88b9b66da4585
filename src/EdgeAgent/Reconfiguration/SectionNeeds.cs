using System.Text.Json;

namespace EdgeAgent.Reconfiguration;

/// <summary>What a change of each section asks for. Every section is in exactly one of these classes; one that is in none is built anew.</summary>
internal static class SectionNeeds
{
    /// <summary>What a source is made of: stages end and begin single entries of them.</summary>
    public static readonly IReadOnlySet<string> Sources = Set("mqtt", "i2c", "gpio", "iio", "hwmon", "onewire", "thermal", "host");

    /// <summary>Taken over as a whole: <c>report</c> between two readings, <c>local</c> by the process around the inside.</summary>
    public static readonly IReadOnlySet<string> Live = Set("report", "local");

    /// <summary>
    /// Some keys are taken over, and the others need the inside built anew. Not among them: <c>batch.compression</c>, which the spool's thinning has too, and
    /// <c>device.maximumSeries</c>, the size of the catalog.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlySet<string>> LiveKeys = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
    {
        ["device"] = Set("labels", "logLevel"),
        ["batch"] = Set("maximumReadings", "maximumBytes", "maximumAge", "acknowledgeSettle", "acknowledgeWithin"),
    };

    /// <summary>Spool, uplink and clock are built by these, and readings wait in the spool while they are built anew.</summary>
    public static readonly IReadOnlySet<string> Built = Set("cloud", "clock", "spool", "budget", "identity", "remote");

    /// <summary>Says nothing to the agent.</summary>
    public static readonly IReadOnlySet<string> Remarks = Set("$schema");

    /// <param name="section">Its name.</param>
    /// <param name="before">Its canonical text in force; null where it is not there.</param>
    /// <param name="next">That of the next configuration.</param>
    public static ReconfigurationNeed Of(string section, string? before, string? next)
    {
        if (before == next || Remarks.Contains(section))
        {
            return ReconfigurationNeed.Nothing;
        }
        bool isLive = Live.Contains(section) || Sources.Contains(section)
            || (LiveKeys.TryGetValue(section, out IReadOnlySet<string>? keys) && Differing(before, next).All(keys.Contains));
        return isLive ? ReconfigurationNeed.Apply : ReconfigurationNeed.Rebuild;
    }

    /// <summary>The keys of a section that two canonical texts say otherwise, or only one of them says.</summary>
    public static IEnumerable<string> Differing(string? before, string? next)
    {
        Dictionary<string, string> one = Members(before), other = Members(next);
        return one.Keys.Union(other.Keys).Where(key => one.GetValueOrDefault(key) != other.GetValueOrDefault(key));
    }

    private static Dictionary<string, string> Members(string? canonical)
    {
        using JsonDocument document = JsonDocument.Parse(canonical ?? "{}");
        return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetRawText(), StringComparer.Ordinal);
    }

    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.Ordinal);
}
