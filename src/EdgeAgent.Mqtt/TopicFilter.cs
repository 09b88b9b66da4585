using System.Text;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt;

/// <summary>
/// A subscription's topic filter (5.0, sections 4.7 and 4.8.2).
/// <code>
/// filter := [ "$share/" name "/" ] level { "/" level }     // name without "/", "+", "#"
/// level  := "+"                 one level, whatever it is
///         | "#"                 the parent and all levels below; only at the end
///         | text without "+" and "#", which may be empty
/// </code>
/// A filter that starts with a wildcard does not match topics that start with "$" (such as $SYS).
/// </summary>
public sealed class TopicFilter
{
    private const byte Separator = (byte)'/';
    private readonly byte[] _levels;

    private TopicFilter(byte[] levels, string? shareName)
    {
        _levels = levels;
        ShareName = shareName;
    }

    /// <summary>The name of a shared subscription, or null.</summary>
    public string? ShareName { get; }

    /// <summary>The filter without its share, in UTF-8.</summary>
    public ReadOnlySpan<byte> Levels => _levels;

    /// <summary>Parses a filter; false where it breaks a rule.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TopicFilter? filter) =>
        TryParse(Encoding.UTF8.GetBytes(text), out filter);

    /// <summary>Parses a filter in UTF-8; false where it breaks a rule.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TopicFilter? filter)
    {
        filter = null;
        if (!IsValid(text))
        {
            return false;
        }
        TrySplitShare(text, out ReadOnlySpan<byte> share, out ReadOnlySpan<byte> levels);
        filter = new TopicFilter(levels.ToArray(), share.IsEmpty ? null : Encoding.UTF8.GetString(share));
        return true;
    }

    /// <summary>Whether the text is a valid filter, shared or not.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) =>
        text.Length <= MqttText.MaximumLength
        && MqttText.IsValid(text)
        && TrySplitShare(text, out _, out ReadOnlySpan<byte> levels)
        && HasValidLevels(levels);

    /// <summary>Whether a message to the topic belongs to this filter. Allocates nothing.</summary>
    public bool Matches(ReadOnlySpan<byte> topic)
    {
        ReadOnlySpan<byte> filter = _levels;
        if (!topic.IsEmpty && topic[0] == (byte)'$' && TopicName.Wildcards.Contains(filter[0]))
        {
            return false;
        }
        while (true)
        {
            int filterEnd = filter.IndexOf(Separator);
            ReadOnlySpan<byte> level = filterEnd < 0 ? filter : filter[..filterEnd];
            if (level.SequenceEqual("#"u8))
            {
                return true;
            }
            int topicEnd = topic.IndexOf(Separator);
            ReadOnlySpan<byte> name = topicEnd < 0 ? topic : topic[..topicEnd];
            if (!level.SequenceEqual("+"u8) && !level.SequenceEqual(name))
            {
                return false;
            }
            if (topicEnd < 0)
            {
                // The topic ends here. "a/#" matches "a" too: the number sign stands for the parent as well.
                return filterEnd < 0 || filter[filterEnd..].SequenceEqual("/#"u8);
            }
            if (filterEnd < 0)
            {
                return false;
            }
            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }

    /// <summary>The filter as it is sent in SUBSCRIBE.</summary>
    public override string ToString() =>
        ShareName is null ? Encoding.UTF8.GetString(_levels) : $"$share/{ShareName}/{Encoding.UTF8.GetString(_levels)}";

    private static bool TrySplitShare(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> share, out ReadOnlySpan<byte> levels)
    {
        share = default;
        levels = text;
        ReadOnlySpan<byte> prefix = "$share/"u8;
        if (!text.StartsWith(prefix))
        {
            return true;
        }
        ReadOnlySpan<byte> rest = text[prefix.Length..];
        int nameEnd = rest.IndexOf(Separator);
        if (nameEnd <= 0)
        {
            return false;
        }
        share = rest[..nameEnd];
        levels = rest[(nameEnd + 1)..];
        return !share.ContainsAny(TopicName.Wildcards);
    }

    private static bool HasValidLevels(ReadOnlySpan<byte> levels)
    {
        if (levels.IsEmpty)
        {
            return false;
        }
        while (true)
        {
            int end = levels.IndexOf(Separator);
            ReadOnlySpan<byte> level = end < 0 ? levels : levels[..end];
            bool isWildcard = level.Length == 1;
            if (level.ContainsAny(TopicName.Wildcards) && !isWildcard)
            {
                return false;
            }
            if (end < 0)
            {
                return true;
            }
            if (level.SequenceEqual("#"u8))
            {
                return false;
            }
            levels = levels[(end + 1)..];
        }
    }
}
