using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Mqtt;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// A topic filter whose levels may have names.
/// <code>
/// pattern := [ "$share/" group "/" ] level ("/" level)*
/// level   := literal | "+" | "#" (at the end only) | "{" name "}"
/// </code>
/// <c>{name}</c> matches what + matches, and templates can say {name}. Matching is on the cold path: what a topic maps to is
/// remembered by <see cref="RouteTable"/>.
/// </summary>
internal sealed class TopicPattern
{
    private const string SharePrefix = "$share/";

    private readonly TopicFilter _filter;
    private readonly string?[] _names;

    private TopicPattern(TopicFilter filter, string?[] names, bool hasRest)
    {
        _filter = filter;
        _names = names;
        HasRest = hasRest;
    }

    /// <summary>The filter as MQTT knows it, to subscribe with.</summary>
    public string Filter => _filter.ToString();

    /// <summary>Levels before the #, or all of them.</summary>
    public int FixedLevels => HasRest ? _names.Length - 1 : _names.Length;

    /// <summary>Whether it ends with #.</summary>
    public bool HasRest { get; }

    public IEnumerable<string> Names => _names.OfType<string>();

    /// <returns>The level of that name, counted from 0; -1 where there is none.</returns>
    public int LevelOf(string name) => Array.IndexOf(_names, name);

    public bool Matches(ReadOnlySpan<byte> topic) => _filter.Matches(topic);

    /// <summary>Where it fails, <paramref name="problem"/> says what is wrong and what to do.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TopicPattern? pattern, out string problem)
    {
        pattern = null;
        problem = "";
        // The share's name is not part of the topics that match.
        int levelsAt = text.StartsWith(SharePrefix, StringComparison.Ordinal) ? text.IndexOf('/', SharePrefix.Length) + 1 : 0;
        string[] levels = text[levelsAt..].Split('/');
        var names = new string?[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i].AsSpan().IndexOfAny('{', '}') < 0)
            {
                continue;
            }
            string level = levels[i];
            string name = level.Length > 2 && level[0] == '{' && level[^1] == '}' ? level[1..^1] : "";
            if (!IsName(name) || names.Contains(name))
            {
                problem = $"\"{level}\" is not a named level. Write {{name}} with letters, digits and _, the first a letter, each name once.";
                return false;
            }
            names[i] = name;
            levels[i] = "+";
        }
        if (!TopicFilter.TryParse(text[..levelsAt] + string.Join('/', levels), out TopicFilter? filter))
        {
            problem = $"\"{text}\" is not a topic filter. Let + and # be whole levels, # only the last one.";
            return false;
        }
        pattern = new TopicPattern(filter, names, levels[^1] == "#");
        return true;
    }

    /// <summary>"topic" and digits mean something else in templates.</summary>
    private static bool IsName(string name) => name.Length > 0 && name != "topic"
        && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
