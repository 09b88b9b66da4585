using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// A topic filter whose levels may have names.
/// <code>
/// pattern := level ("/" level)* [ "/#" ] | "#"
/// level   := literal | "+" | "{" name "}"      {name} matches what + matches, and templates can say {name}
/// </code>
/// Matching is on the cold path: what a topic maps to is remembered by <see cref="RouteTable"/>.
/// </summary>
internal sealed class TopicPattern
{
    /// <summary>MQTT's own limit of a topic (MQTT 5.0 section 1.5.4).</summary>
    private const int MaximumBytes = 65_535;

    private readonly string[] _levels;
    private readonly string?[] _names;

    private TopicPattern(string[] levels, string?[] names)
    {
        _levels = levels;
        _names = names;
        Filter = string.Join('/', levels);
    }

    /// <summary>The filter as MQTT knows it, to subscribe with.</summary>
    public string Filter { get; }

    /// <summary>Levels before the #, or all of them.</summary>
    public int FixedLevels => HasRest ? _levels.Length - 1 : _levels.Length;

    /// <summary>Whether it ends with #.</summary>
    public bool HasRest => _levels[^1] == "#";

    public IEnumerable<string> Names => _names.OfType<string>();

    /// <returns>The level of that name, counted from 0; -1 where there is none.</returns>
    public int LevelOf(ReadOnlySpan<char> name)
    {
        for (int level = 0; level < _names.Length; level++)
        {
            if (name.SequenceEqual(_names[level]) && _names[level] is not null)
            {
                return level;
            }
        }
        return -1;
    }

    /// <param name="problem">What is wrong and what to do.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TopicPattern? pattern, out string problem)
    {
        pattern = null;
        string[] levels = text.Split('/');
        var names = new string?[levels.Length];
        problem = text.Length == 0 || text.Contains('\0') || Encoding.UTF8.GetByteCount(text) > MaximumBytes
            ? "A topic has 1 to 65,535 bytes and no NUL. Correct it."
            : "";
        for (int i = 0; i < levels.Length && problem.Length == 0; i++)
        {
            string level = levels[i];
            if (level.Length > 1 && level.AsSpan().IndexOfAny('+', '#') >= 0)
            {
                problem = $"\"{level}\" mixes a wildcard with text. Let + and # be whole levels.";
            }
            else if (level == "#" && i != levels.Length - 1)
            {
                problem = "# is not the last level. Put it at the end or use +.";
            }
            else if (level.AsSpan().IndexOfAny('{', '}') >= 0)
            {
                string name = level.Length > 2 && level[0] == '{' && level[^1] == '}' ? level[1..^1] : "";
                if (!IsName(name) || names.Contains(name))
                {
                    problem = $"\"{level}\" is not a named level. Write {{name}} with letters, digits and _, the first a letter, each name once.";
                }
                names[i] = name;
                levels[i] = "+";
            }
        }
        pattern = problem.Length == 0 ? new TopicPattern(levels, names) : null;
        return pattern is not null;
    }

    /// <summary>MQTT 5.0 section 4.7.</summary>
    public bool Matches(ReadOnlySpan<string> topic)
    {
        // Topics that begin with $ are the server's own; no wildcard at the first level meets them.
        if (topic[0].StartsWith('$') && _levels[0] is "+" or "#")
        {
            return false;
        }
        // "site/#" matches "site" too.
        if (HasRest ? topic.Length < FixedLevels : topic.Length != FixedLevels)
        {
            return false;
        }
        for (int i = 0; i < FixedLevels; i++)
        {
            if (_levels[i] != "+" && _levels[i] != topic[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>"topic" and digits mean something else in templates.</summary>
    private static bool IsName(string name) => name.Length > 0 && name != "topic"
        && char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
