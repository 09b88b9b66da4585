using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>Section <c>host</c>.</summary>
internal static class HostOptionsReader
{
    private static readonly Dictionary<string, HostSubject> Words =
        Enum.GetValues<HostSubject>().ToDictionary(subject => subject.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <returns>Null where there is no such section: the device itself is not watched.</returns>
    public static HostOptions? Read(ConfigSection root)
    {
        if (root.OptionalSection("host") is not { } section)
        {
            return null;
        }
        var subjects = new HashSet<HostSubject>();
        foreach (ConfigNode word in section.Texts("what"))
        {
            if (Words.TryGetValue(word.Text, out HostSubject subject))
            {
                subjects.Add(subject);
            }
            else
            {
                section.Report(word, $"\"{word.Text}\" is not known here.{Suggestion.For(word.Text, Words.Keys)} Choose from {string.Join(", ", Words.Keys)}.");
            }
        }
        SensorOptions sampling = SensorOptionsReader.Read(section);
        return subjects.Count == 0 ? new HostOptions { Sampling = sampling } : new HostOptions { Sampling = sampling, Subjects = [.. subjects.Order()] };
    }
}
