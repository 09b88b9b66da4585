using EdgeAgent.Configuration;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>The rules of an MQTT source: list <c>subscribe</c> of a broker, list <c>rules</c> of an intake.</summary>
internal static class RuleReader
{
    /// <summary>How many values one rule may pick: what a message costs is bounded by it.</summary>
    private const int MaximumValues = 64;

    public static IReadOnlyList<MappingRule> Read(ConfigSection source, string key, bool hasQualityOfService)
    {
        var rules = new List<MappingRule>();
        foreach (ConfigSection section in source.Sections(key, required: true))
        {
            if (ReadRule(section, hasQualityOfService) is { } rule)
            {
                rules.Add(rule);
            }
        }
        return rules;
    }

    /// <returns>Null where the rule has no usable topic or name; what is wrong with it has been reported.</returns>
    private static MappingRule? ReadRule(ConfigSection section, bool hasQualityOfService)
    {
        TopicPattern? topic = ReadTopic(section);
        int quality = hasQualityOfService ? section.Integer("qos", 1, 0, 1) : 0;
        TopicTemplate? series = ReadTemplate(section, "series", section.Text("series", "{topic}"), topic);
        var labels = new List<(string, TopicTemplate)>();
        foreach ((string name, string value) in section.Labels("labels"))
        {
            if (ReadTemplate(section, "labels", value, topic) is { } template)
            {
                labels.Add((name, template));
            }
        }
        SpoolLane lane = LaneReader.Read(section);
        SeriesKind? kind = section.Choice<SeriesKind?>(
            "payload", SeriesKind.Number, ("number", SeriesKind.Number), ("boolean", SeriesKind.Boolean), ("text", SeriesKind.Text), ("json", null));
        string unit = section.Text("unit", "");
        IReadOnlyList<ValueRule> values = ReadValues(section, kind is null);
        TimeRule? time = ReadTime(section, kind is null);
        if (topic is null || series is null)
        {
            return null;
        }
        return new MappingRule
        {
            Topic = topic,
            QualityOfService = quality,
            Series = series,
            Labels = labels,
            Lane = lane,
            IsJson = kind is null,
            Values = kind is null ? values : [new ValueRule(JsonPointer.WholeDocument, "", unit, kind.Value, false)],
            Time = time,
        };
    }

    private static TopicPattern? ReadTopic(ConfigSection section)
    {
        string? text = section.Text("topic", required: true);
        if (text is null)
        {
            return null;
        }
        if (!TopicPattern.TryParse(text, out TopicPattern? topic, out string problem))
        {
            section.Report("topic", problem);
        }
        return topic;
    }

    private static TopicTemplate? ReadTemplate(ConfigSection section, string key, string text, TopicPattern? topic)
    {
        if (topic is null)
        {
            return null;
        }
        if (!TopicTemplate.TryParse(text, topic, out TopicTemplate? template, out string problem))
        {
            section.Report(key, problem);
        }
        return template;
    }

    private static List<ValueRule> ReadValues(ConfigSection section, bool isJson)
    {
        var values = new List<ValueRule>();
        IReadOnlyList<ConfigSection> sections = section.Sections("values", required: isJson);
        if (!isJson && section.Has("values"))
        {
            section.Report("values", "Only a JSON payload has values to pick. Remove this or let \"payload\" be \"json\".");
        }
        if (isJson && section.Has("unit"))
        {
            section.Report("unit", "In a JSON payload each value has its own unit. Move this into \"values\".");
        }
        if (sections.Count > MaximumValues)
        {
            section.Report("values", $"There are {sections.Count} values here; a rule picks at most {MaximumValues}. Remove some.");
        }
        foreach (ConfigSection value in sections)
        {
            values.Add(new ValueRule(
                ReadPointer(value),
                value.Text("suffix", ""),
                value.Text("unit", ""),
                value.Choice("kind", SeriesKind.Number, ("number", SeriesKind.Number), ("boolean", SeriesKind.Boolean), ("text", SeriesKind.Text)),
                value.Flag("optional", false)));
        }
        if (values.Select(value => value.Suffix).Distinct().Count() < values.Count)
        {
            section.Report("values", "Two values have the same series name. Give each its own \"suffix\".");
        }
        return values;
    }

    private static TimeRule? ReadTime(ConfigSection section, bool isJson)
    {
        if (section.OptionalSection("time") is not { } time)
        {
            return null;
        }
        if (!isJson)
        {
            section.Report("time", "Only a JSON payload carries a timestamp. Remove this or let \"payload\" be \"json\".");
        }
        var standard = new TimeRule { Pointer = JsonPointer.WholeDocument };
        return new TimeRule
        {
            Pointer = ReadPointer(time),
            Format = time.Choice(
                "format",
                standard.Format,
                ("iso8601", TimeFormat.Iso8601),
                ("s", TimeFormat.Seconds),
                ("ms", TimeFormat.Milliseconds),
                ("us", TimeFormat.Microseconds),
                ("ns", TimeFormat.Nanoseconds)),
            MaximumAge = time.Time("maximumAge", standard.MaximumAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(36_500)),
            MaximumAhead = time.Time("maximumAhead", standard.MaximumAhead, TimeSpan.Zero, TimeSpan.FromDays(366)),
            FallBackToArrival = time.Choice("otherwise", false, ("discard", false), ("arrival", true)),
        };
    }

    private static JsonPointer ReadPointer(ConfigSection section)
    {
        string text = section.Text("pointer", required: true) ?? "";
        if (JsonPointer.TryParse(text, out JsonPointer? pointer))
        {
            return pointer;
        }
        section.Report("pointer", $"\"{text}\" is not a JSON pointer. Write \"/key\" or \"/list/0/key\", with ~1 for / and ~0 for ~ within a key.");
        return JsonPointer.WholeDocument;
    }
}
