namespace EdgeAgent.Torture;

/// <summary>What the agent makes of publisher.py's messages: two values each; times of their own but for one topic; one topic with alarms.</summary>
internal static class TopicRules
{
    private const string Stamp = """ "time": { "pointer": "/at", "format": "ms", "maximumAge": "20000d" }, """;

    public static string Json { get; } = string.Join(", ", new (string Kind, string More)[]
    {
        ("stamped", Stamp), ("plain", ""), ("alarm", Stamp + "\"lane\": \"alarm\", "),
    }
    .Select(rule => $$"""
        { "topic": "torture/{feed}/{{rule.Kind}}", "series": "{feed}/{{rule.Kind}}", "payload": "json", {{rule.More}}
          "values": [ { "pointer": "/n" }, { "pointer": "/m", "suffix": "/negative" } ] }
        """));
}
