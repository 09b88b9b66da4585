using System.Globalization;

namespace EdgeAgent.Configuration;

/// <summary>
/// A key that somebody has asked for. The default is what is used where the key is missing; null where it must be there or
/// means nothing when missing. The bounds, of the same type, are null where a value is bounded otherwise or not at all.
/// </summary>
internal sealed record AskedKey(string Name, object? Default, bool Required, object? Least = null, object? Most = null);

/// <summary>
/// Reads the keys of one section, each as its type and within its bounds. A wrong value is reported and its default returned,
/// so that reading goes on and finds what else is wrong.
/// </summary>
internal sealed partial class ConfigSection(ConfigReading reading, ConfigNode node)
{
    private const string ASize = "a size such as \"64KiB\" or \"64MiB\"";

    private readonly List<AskedKey> _asked = [];

    public ConfigNode Node => node;

    public IReadOnlyList<AskedKey> Asked => _asked;

    public bool IsAbandoned { get; private set; }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Reports something about a key, at its value where there is one and at the section where not.</summary>
    public void Report(string key, string message)
    {
        if (Find(key) is { } value)
        {
            reading.Errors.Add(value, message);
        }
        else
        {
            reading.Errors.Add(node.Position, $"{node.Pointer}/{key}", message);
        }
    }

    /// <summary>Reports something about the section as a whole.</summary>
    public void ReportSection(string message) => reading.Errors.Add(node, message);

    /// <summary>What kind of section this is remains unknown, so its keys cannot be judged.</summary>
    public void Abandon() => IsAbandoned = true;

    public bool Flag(string key, bool fallback)
    {
        ConfigNode? value = Ask(key, fallback, ConfigNodeKind.Boolean, "true or false");
        return value?.Boolean ?? fallback;
    }

    public int Integer(string key, int fallback, int minimum, int maximum) =>
        CheckInteger(Ask(key, fallback, ConfigNodeKind.Number, "a whole number", bounds: (minimum, maximum)), minimum, maximum) ?? fallback;

    /// <returns>Null where the key is missing or its value no such number.</returns>
    public int? OptionalInteger(string key, int minimum, int maximum) =>
        CheckInteger(Ask(key, null, ConfigNodeKind.Number, "a whole number", bounds: (minimum, maximum)), minimum, maximum);

    /// <returns>Null where the key is missing.</returns>
    public double? Number(string key, double minimum, double maximum, bool required = false)
    {
        ConfigNode? value = Ask(key, null, ConfigNodeKind.Number, "a number", required, (minimum, maximum));
        if (value is null)
        {
            return null;
        }
        double number = double.Parse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (number >= minimum && number <= maximum)
        {
            return number;
        }
        reading.Errors.Add(value, string.Create(CultureInfo.InvariantCulture, $"{value.Text} is not a number from {minimum} to {maximum}. Choose one in this range."));
        return null;
    }

    public TimeSpan Time(string key, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        ConfigNode? value = Ask(key, fallback, ConfigNodeKind.Text, "a duration such as \"60s\", \"250ms\" or \"1h30m\"", bounds: (minimum, maximum));
        if (value is null)
        {
            return fallback;
        }
        if (!Duration.TryParse(value.Text, out TimeSpan duration))
        {
            reading.Errors.Add(value, $"\"{value.Text}\" is not a duration. Write digits and units (d, h, m, s, ms), such as \"60s\" or \"1h30m\".");
            return fallback;
        }
        if (duration < minimum || duration > maximum)
        {
            string range = $"{Duration.Format(minimum)} to {Duration.Format(maximum)}";
            reading.Errors.Add(value, $"\"{value.Text}\" is out of range. Choose a duration from {range}.");
            return fallback;
        }
        return duration;
    }

    public long Size(string key, long fallback, long minimum, long maximum) =>
        CheckSize(Ask(key, new SizeDefault(fallback), ConfigNodeKind.Text, ASize, bounds: (new SizeDefault(minimum), new SizeDefault(maximum))), minimum, maximum) ?? fallback;

    /// <returns>Null where the key is missing or its value no such size.</returns>
    public long? OptionalSize(string key, long minimum, long maximum) =>
        CheckSize(Ask(key, null, ConfigNodeKind.Text, ASize, bounds: (new SizeDefault(minimum), new SizeDefault(maximum))), minimum, maximum);

    /// <returns>Null where the key is missing or its value no text.</returns>
    public string? Text(string key, bool required = false) => Ask(key, null, ConfigNodeKind.Text, "a text", required)?.Text;

    public string Text(string key, string fallback) => Ask(key, fallback, ConfigNodeKind.Text, "a text")?.Text ?? fallback;

    public T Choice<T>(string key, T fallback, params ReadOnlySpan<(string Word, T Meaning)> words)
    {
        string[] known = new string[words.Length];
        string? standard = null;
        for (int i = 0; i < words.Length; i++)
        {
            known[i] = words[i].Word;
            standard = EqualityComparer<T>.Default.Equals(words[i].Meaning, fallback) ? words[i].Word : standard;
        }
        ConfigNode? value = Ask(key, standard, ConfigNodeKind.Text, "one of " + string.Join(", ", known));
        if (value is null)
        {
            return fallback;
        }
        foreach ((string word, T meaning) in words)
        {
            if (word == value.Text)
            {
                return meaning;
            }
        }
        reading.Errors.Add(value, $"\"{value.Text}\" is not known here.{Suggestion.For(value.Text, known)} Choose one of {string.Join(", ", known)}.");
        return fallback;
    }

    /// <summary>Any value, for keys of more than one type. The caller reports what is wrong with it.</summary>
    public ConfigNode? Any(string key, bool required = false, object? fallback = null, (object Least, object Most)? bounds = null)
    {
        _asked.Add(new AskedKey(key, fallback, required, bounds?.Least, bounds?.Most));
        ConfigNode? value = Find(key);
        if (value is null && required)
        {
            Report(key, "This key is missing. Add it.");
        }
        return value;
    }

    private int? CheckInteger(ConfigNode? value, int minimum, int maximum)
    {
        if (value is null)
        {
            return null;
        }
        if (int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
        {
            return number;
        }
        reading.Errors.Add(value, $"{value.Text} is not a whole number from {minimum} to {maximum}. Choose one in this range.");
        return null;
    }

    private long? CheckSize(ConfigNode? value, long minimum, long maximum)
    {
        if (value is null)
        {
            return null;
        }
        if (!ByteSize.TryParse(value.Text, out long bytes))
        {
            reading.Errors.Add(value, $"\"{value.Text}\" is not a size. Write digits and a unit (B, KiB, MiB, GiB, kB, MB, GB), such as \"64MiB\".");
            return null;
        }
        if (bytes >= minimum && bytes <= maximum)
        {
            return bytes;
        }
        reading.Errors.Add(value, $"\"{value.Text}\" is out of range. Choose a size from {ByteSize.Format(minimum)} to {ByteSize.Format(maximum)}.");
        return null;
    }

    private ConfigNode? Ask(string key, object? fallback, ConfigNodeKind kind, string expected, bool required = false, (object Least, object Most)? bounds = null)
    {
        ConfigNode? value = Any(key, required, fallback, bounds);
        if (value is not null && value.Kind != kind)
        {
            reading.Errors.Add(value, $"This is {value.Describe()} where {expected} belongs. Change it.");
            return null;
        }
        return value;
    }

    private ConfigNode? Find(string key) => node.Members.FirstOrDefault(member => member.Name == key)?.Value;
}

/// <summary>The default or bound of a size, so that it is not taken for a plain number.</summary>
internal readonly record struct SizeDefault(long Bytes);
