using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>What the messages of some topics mean. The first rule whose pattern matches is the one.</summary>
internal sealed class MappingRule
{
    public required TopicPattern Topic { get; init; }

    /// <summary>What a broker is asked for: 0 or 1. Default 1: what is not acknowledged comes again.</summary>
    public int QualityOfService { get; init; } = 1;

    public required TopicTemplate Series { get; init; }

    public IReadOnlyList<(string Name, TopicTemplate Value)> Labels { get; init; } = [];

    /// <summary>Default live.</summary>
    public SpoolLane Lane { get; init; } = SpoolLane.Live;

    /// <summary>Whether the payload is a JSON document; otherwise it is one value and nothing else.</summary>
    public bool IsJson { get; init; }

    /// <summary>At least one, and exactly one where the payload is no JSON.</summary>
    public required IReadOnlyList<ValueRule> Values { get; init; }

    /// <summary>Null: the agent's own clock at arrival.</summary>
    public TimeRule? Time { get; init; }
}

/// <summary>One value of a message.</summary>
/// <param name="Pointer">Where in a JSON document; empty where the payload is the value.</param>
/// <param name="Suffix">Appended to the rule's series name.</param>
/// <param name="Unit">UCUM code; empty where there is none.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="IsOptional">A message may lack it; otherwise its absence is counted as a dropped reading.</param>
internal sealed record ValueRule(JsonPointer Pointer, string Suffix, string Unit, SeriesKind Kind, bool IsOptional);

/// <summary>The timestamp that a JSON message carries.</summary>
internal sealed class TimeRule
{
    public required JsonPointer Pointer { get; init; }

    public TimeFormat Format { get; init; } = TimeFormat.Iso8601;

    /// <summary>How far behind the agent's clock a timestamp may be. Default 366 days: loggers deliver late, but not years.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(366);

    /// <summary>How far ahead. Default 10 min: more is a wrong clock or a wrong time zone.</summary>
    public TimeSpan MaximumAhead { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Take a message with a bad timestamp at its time of arrival, its values marked uncertain. Default false: it is
    /// discarded and counted, because a wrong time is worse than a gap that is known.
    /// </summary>
    public bool FallBackToArrival { get; init; }
}

internal enum TimeFormat
{
    Iso8601,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}
