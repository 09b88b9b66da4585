using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>What became of a message.</summary>
/// <param name="Readings">How many were made. None without a cause means that all its values were dropped, each counted.</param>
/// <param name="Discarded">Why the message as a whole gave nothing; the caller counts it and acknowledges the message.</param>
/// <param name="IsStamped">The readings' times are the message's own, and not those of its arrival.</param>
internal readonly record struct MappedMessage(int Readings, DiscardCause? Discarded, bool IsStamped = false);

/// <summary>
/// From a message to readings by the rules of one source. Both transports use it. Safe from several threads; allocates
/// nothing for a topic that was seen before, except the texts that have not been seen before.
/// </summary>
internal sealed class MessageMapping
{
    /// <summary>Longer texts are documents, not states. Also what an escaped JSON string may take on the stack.</summary>
    public const int MaximumTextBytes = 1_024;

    /// <summary>Distinct texts that are kept to be used again: states and codes repeat. A quarter of a megabyte at most when they are short.</summary>
    private const int RememberedTexts = 4_096;

    private readonly RouteTable _routes;
    private readonly Dictionary<MappingRule, JsonPicker> _pickers;
    private readonly BoundedUtf8Table<string> _texts = new(RememberedTexts);
    private readonly AgentMetrics _metrics;
    private readonly AgentClock _clock;

    public MessageMapping(
        IReadOnlyList<MappingRule> rules,
        SeriesCatalog catalog,
        IReadOnlyDictionary<string, string> deviceLabels,
        AgentMetrics metrics,
        AgentClock clock)
    {
        _routes = new RouteTable(rules, catalog, deviceLabels);
        _metrics = metrics;
        _clock = clock;
        // The timestamp is picked in the same pass, behind the values.
        _pickers = rules.Where(rule => rule.IsJson).ToDictionary(
            rule => rule,
            rule => new JsonPicker([.. rule.Values.Select(value => value.Pointer), .. rule.Time is null ? [] : new[] { rule.Time.Pointer }]));
        MaximumReadings = rules.Max(rule => rule.Values.Count);
    }

    /// <summary>The most readings that one message can give: what the buffer given to <see cref="Map"/> must hold.</summary>
    public int MaximumReadings { get; }

    public MappedMessage Map(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, Span<Reading> readings)
    {
        Route route = _routes.Find(topic);
        if (route.Rule is null)
        {
            return new MappedMessage(0, route.Discard);
        }
        return route.Rule.IsJson
            ? MapDocument(route, route.Rule, payload, readings)
            : MapValue(route, route.Rule, payload, readings);
    }

    private MappedMessage MapValue(Route route, MappingRule rule, ReadOnlySpan<byte> payload, Span<Reading> readings)
    {
        if (route.Series[0].Obstacle is { } obstacle)
        {
            _metrics.ReadingsDropped.Add(obstacle);
            return default;
        }
        return TryRead(payload, rule.Values[0].Kind, route.Series[0].Id, _clock.Now(), Quality.Good, out readings[0])
            ? new MappedMessage(1, null)
            : new MappedMessage(0, DiscardCause.PayloadMalformed);
    }

    private MappedMessage MapDocument(Route route, MappingRule rule, ReadOnlySpan<byte> document, Span<Reading> readings)
    {
        int values = rule.Values.Count;
        Span<JsonPick> picks = stackalloc JsonPick[values + (rule.Time is null ? 0 : 1)];
        if (!_pickers[rule].TryPick(document, picks))
        {
            return new MappedMessage(0, DiscardCause.JsonMalformed);
        }
        ReadingTime time = _clock.Now();
        Quality quality = Quality.Good;
        bool isStamped = false;
        if (rule.Time is { } timeRule)
        {
            DiscardCause? wrong = ReadTime(document, picks[values], timeRule, time, out long stamped);
            if (wrong is not null && !timeRule.FallBackToArrival)
            {
                return new MappedMessage(0, wrong);
            }
            isStamped = wrong is null;
            time = isStamped ? stamped : time;
            quality = isStamped ? Quality.Good : Quality.Uncertain;
        }
        int count = 0;
        for (int i = 0; i < values; i++)
        {
            if (ReadPick(document, picks[i], rule.Values[i], route.Series[i], time, quality, out readings[count]) is { } dropped)
            {
                // Absent where it may be absent is no loss.
                _metrics.ReadingsDropped.Add(dropped, dropped == DropCause.ValueMissing && rule.Values[i].IsOptional ? 0 : 1);
            }
            else
            {
                count++;
            }
        }
        return new MappedMessage(count, null, isStamped);
    }

    private static DiscardCause? ReadTime(ReadOnlySpan<byte> document, JsonPick pick, TimeRule rule, ReadingTime now, out long unixNanoseconds)
    {
        unixNanoseconds = 0;
        if (pick.Kind != JsonPickKind.Scalar || !PayloadTime.TryParse(document.Slice(pick.Start, pick.Length), rule.Format, out unixNanoseconds))
        {
            return DiscardCause.TimeMalformed;
        }
        return PayloadTime.IsWithinBounds(unixNanoseconds, now, rule) ? null : DiscardCause.TimeOutOfBounds;
    }

    /// <returns>Why there is no reading; null where there is one.</returns>
    private DropCause? ReadPick(
        ReadOnlySpan<byte> document, JsonPick pick, ValueRule rule, SourceSeries series, ReadingTime time, Quality quality, out Reading reading)
    {
        reading = default;
        if (pick.Kind == JsonPickKind.Missing)
        {
            return DropCause.ValueMissing;
        }
        if (series.Obstacle is { } obstacle)
        {
            return obstacle;
        }
        ReadOnlySpan<byte> text = document.Slice(pick.Start, pick.Length);
        switch (pick.Kind)
        {
            case JsonPickKind.Null:
                // The device says that it has no value: that is an outcome, and it is recorded.
                reading = Reading.WithoutValue(series.Id, time, Quality.NotReady);
                return null;
            case JsonPickKind.Escaped when text.Length <= MaximumTextBytes:
                Span<byte> unescaped = stackalloc byte[MaximumTextBytes];
                return TryUnescape(text, document, pick, unescaped, out int length)
                    && TryRead(unescaped[..length], rule.Kind, series.Id, time, quality, out reading) ? null : DropCause.ValueMalformed;
            case JsonPickKind.Scalar:
                return TryRead(text, rule.Kind, series.Id, time, quality, out reading) ? null : DropCause.ValueMalformed;
            default:
                return DropCause.ValueMalformed;
        }
    }

    /// <summary>A quoted string of the document, read again by the one who knows its escapes.</summary>
    private static bool TryUnescape(ReadOnlySpan<byte> text, ReadOnlySpan<byte> document, JsonPick pick, Span<byte> unescaped, out int length)
    {
        length = 0;
        // A lone surrogate escape is legal JSON and no text; CopyString refuses it by throwing.
        if (!Utf8.IsValid(text))
        {
            return false;
        }
        var reader = new Utf8JsonReader(document.Slice(pick.Start - 1, pick.Length + 2));
        reader.Read();
        try
        {
            length = reader.CopyString(unescaped);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private bool TryRead(ReadOnlySpan<byte> text, SeriesKind kind, SeriesId series, ReadingTime time, Quality quality, out Reading reading)
    {
        reading = default;
        switch (kind)
        {
            case SeriesKind.Number when ScalarText.TryNumber(text, out double number):
                reading = double.IsFinite(number)
                    ? Reading.OfNumber(series, time, number, quality)
                    : Reading.WithoutValue(series, time, double.IsNaN(number) ? Quality.NotReady : Quality.OutOfRange);
                return true;
            case SeriesKind.Boolean when ScalarText.TryBoolean(text, out bool flag):
                reading = Reading.OfBoolean(series, time, flag, quality);
                return true;
            case SeriesKind.Text when text.Length <= MaximumTextBytes && Utf8.IsValid(text):
                reading = Reading.OfText(series, time, Remembered(text), quality);
                return true;
            default:
                return false;
        }
    }

    private string Remembered(ReadOnlySpan<byte> text)
    {
        if (!_texts.TryGet(text, out string? known))
        {
            known = Encoding.UTF8.GetString(text);
            _texts.Remember(text, known);
        }
        return known;
    }
}
