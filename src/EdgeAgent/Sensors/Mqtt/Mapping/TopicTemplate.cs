using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// A text made from the levels of a topic.
/// <code>
/// template := ( literal | "{" part "}" )*
/// part     := name             the level that the pattern gives this name
///           | digits           the level of this number, counted from 0
///           | "#"              all levels that # matched, with their slashes
///           | "topic"          the whole topic
/// </code>
/// </summary>
internal sealed class TopicTemplate
{
    /// <summary>Stand for a level: literals carry their text, all others none.</summary>
    private const int Literal = -1, Rest = -2, Whole = -3;

    private readonly List<(int Level, string Text)> _parts = [];
    private readonly int _fixedLevels;

    private TopicTemplate(int fixedLevels) => _fixedLevels = fixedLevels;

    /// <summary>Where it fails, <paramref name="problem"/> says what is wrong and what to do.</summary>
    public static bool TryParse(string text, TopicPattern pattern, [NotNullWhen(true)] out TopicTemplate? template, out string problem)
    {
        var parsed = new TopicTemplate(pattern.FixedLevels);
        template = null;
        problem = "";
        for (ReadOnlySpan<char> left = text; !left.IsEmpty;)
        {
            int brace = left.IndexOfAny('{', '}');
            int close = brace < 0 ? -1 : left.IndexOf('}');
            if (brace >= 0 && (left[brace] == '}' || close < 0))
            {
                problem = "A brace is left open or closed twice. Write {name}, {1}, {#} or {topic}.";
                return false;
            }
            if (brace != 0)
            {
                ReadOnlySpan<char> literal = brace < 0 ? left : left[..brace];
                parsed._parts.Add((Literal, literal.ToString()));
                left = left[literal.Length..];
                continue;
            }
            ReadOnlySpan<char> part = left[1..close];
            left = left[(close + 1)..];
            if (!TryResolve(part, pattern, out int level))
            {
                string known = string.Join(", ", pattern.Names.Concat(Enumerable.Range(0, pattern.FixedLevels).Select(i => $"{i}")).Append("topic"));
                problem = $"{{{part}}} is not in the topic. The topic gives {known}{(pattern.HasRest ? ", #" : "")}.";
                return false;
            }
            parsed._parts.Add((level, ""));
        }
        template = parsed;
        return true;
    }

    public string Expand(ReadOnlySpan<string> topic)
    {
        var text = new StringBuilder();
        foreach ((int level, string literal) in _parts)
        {
            switch (level)
            {
                case Literal:
                    text.Append(literal);
                    break;
                case Whole:
                    text.AppendJoin('/', topic);
                    break;
                case Rest:
                    text.AppendJoin('/', topic[_fixedLevels..]);
                    break;
                default:
                    text.Append(topic[level]);
                    break;
            }
        }
        return text.ToString();
    }

    private static bool TryResolve(ReadOnlySpan<char> part, TopicPattern pattern, out int level)
    {
        if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out level))
        {
            return level < pattern.FixedLevels;
        }
        level = part switch
        {
            "topic" => Whole,
            "#" when pattern.HasRest => Rest,
            _ => pattern.LevelOf(part.ToString()),
        };
        return level != -1;
    }
}
