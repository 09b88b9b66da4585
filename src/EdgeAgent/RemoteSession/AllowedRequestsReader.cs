using EdgeAgent.Configuration;

namespace EdgeAgent.RemoteSession;

/// <summary>Key <c>remote.allow</c>.
/// <code>
/// allow := "none" | word { word }        word := "read" | "status" | "spool" | "logs" | "log-level" | "restart" | "output:" SERIES
/// </code></summary>
internal static class AllowedRequestsReader
{
    private const string Key = "allow", None = "none";

    /// <summary>As many as session.proto lets a hello name.</summary>
    private const int Most = 64;

    /// <summary>A series' name has 256 bytes at most.</summary>
    private const int LongestWord = 300;

    public static AllowedRequests Read(ConfigSection section)
    {
        IReadOnlyList<ConfigNode> texts = section.Texts(Key);
        if (texts.Count == 0)
        {
            return AllowedRequests.Standard;
        }
        if (texts.Count > Most)
        {
            section.Report(Key, $"There are {texts.Count} entries here, and {Most} are the most. Remove some.");
        }
        if (texts.Any(static text => text.Text == None))
        {
            if (texts.Count > 1)
            {
                section.Report(Key, $"\"{None}\" stands alone. Remove it, or everything else.");
            }
            return new AllowedRequests([]);
        }
        foreach (ConfigNode text in texts)
        {
            bool isOutput = text.Text.StartsWith(AllowedRequests.OutputPrefix, StringComparison.Ordinal) && text.Text.Length > AllowedRequests.OutputPrefix.Length
                && text.Text.Length <= LongestWord && !text.Text.Any(char.IsControl);
            if (!isOutput && !AllowedRequests.Kinds.Contains(text.Text))
            {
                section.Report(
                    text, $"\"{text.Text}\" cannot be asked of a device.{Suggestion.For(text.Text, AllowedRequests.Kinds)} Choose from {string.Join(", ", AllowedRequests.Kinds)}, output:SERIES, or {None}.");
            }
        }
        return new AllowedRequests(texts.Select(static text => text.Text));
    }
}
