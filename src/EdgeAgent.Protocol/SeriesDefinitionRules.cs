using System.Text;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>What makes a definition of a series acceptable. One place for the device, which must not send others, and the service, which refuses them.</summary>
public static class SeriesDefinitionRules
{
    /// <summary>UTF-8 bytes of a name: room for an MQTT topic of any sane length, and fit for an index of a database.</summary>
    public const int MaximumNameBytes = 256;

    /// <summary>How much longer the name of an aggregate may be than that of its series: room for ":failed:86399s".</summary>
    public const int MaximumAggregateSuffixBytes = 16;

    /// <summary>The longest window of an aggregate: a day.</summary>
    public const int MaximumWindowSeconds = 86_400;

    /// <summary>UTF-8 bytes of a unit. UCUM codes rarely exceed ten.</summary>
    public const int MaximumUnitBytes = 64;

    /// <summary>Labels of a series.</summary>
    public const int MaximumLabels = 32;

    /// <summary>UTF-8 bytes of the key of a label.</summary>
    public const int MaximumLabelKeyBytes = 64;

    /// <summary>UTF-8 bytes of the value of a label.</summary>
    public const int MaximumLabelValueBytes = 256;

    /// <summary>Checks a definition.</summary>
    /// <returns>Null where all is well, else what is wrong.</returns>
    public static string? Violation(SeriesDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Ref == 0)
        {
            return "ref is 0";
        }
        if (definition.Kind is not (SeriesKind.Number or SeriesKind.Boolean or SeriesKind.Text))
        {
            return $"kind {(int)definition.Kind} is unknown";
        }
        if (definition.Labels.Count > MaximumLabels)
        {
            return $"{definition.Labels.Count} labels are more than {MaximumLabels}";
        }
        string? violation = NameViolation(definition) ?? Violation("unit", definition.Unit, 0, MaximumUnitBytes);
        foreach ((string key, string value) in definition.Labels)
        {
            violation ??= Violation("label key", key, 1, MaximumLabelKeyBytes) ?? Violation("label value", value, 0, MaximumLabelValueBytes);
        }
        return violation;
    }

    /// <summary>Checks what an aggregate says it is of.</summary>
    private static string? Violation(Aggregate aggregate) =>
        aggregate.Function is <= AggregateFunction.Unspecified or > AggregateFunction.Failed
            ? $"aggregate.function {(int)aggregate.Function} is unknown"
        : aggregate.WindowSeconds is 0 or > MaximumWindowSeconds
            ? $"aggregate.window_seconds {aggregate.WindowSeconds} is not 1 to {MaximumWindowSeconds}"
        : Violation("aggregate.of", aggregate.Of, 1, MaximumNameBytes);

    private static string? NameViolation(SeriesDefinition definition) => definition.Aggregate switch
    {
        null => Violation("name", definition.Name, 1, MaximumNameBytes),
        var aggregate when Violation(aggregate) is { } violation => violation,
        { Function: not AggregateFunction.Last } when definition.Kind != SeriesKind.Number =>
            $"aggregate.function {definition.Aggregate.Function} gives numbers, kind is {definition.Kind}",
        var aggregate => definition.Name == AggregateName.Of(aggregate) ? null : $"name is not that of the aggregate, \"{AggregateName.Of(aggregate)}\"",
    };

    private static string? Violation(string what, string text, int minimumBytes, int maximumBytes)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes < minimumBytes || bytes > maximumBytes)
        {
            return $"{what} has {bytes} bytes, not {minimumBytes} to {maximumBytes}";
        }
        foreach (char character in text)
        {
            // U+FFFD is what parsers make of bytes that are not UTF-8: two broken names could become one.
            if (char.IsControl(character) || character == '\uFFFD')
            {
                return $"{what} holds U+{(int)character:X4}: control characters and broken UTF-8 are not allowed";
            }
        }
        return null;
    }
}
