using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeAgent.Updates;

/// <summary>
/// The version of a program, as it also names a folder:
/// <code>
/// version := number "." number "." number [ "-" word { "." word } ]
/// number  := 1*9DIGIT
/// word    := 1*( ALPHA / DIGIT / "-" )            64 characters in all at most
/// </code>
/// Ordered as Semantic Versioning 2.0.0 says (11): by the numbers, what has words before what has none, words that are numbers by their value.
/// </summary>
internal sealed record ReleaseVersion
{
    private const int MaximumLength = 64;
    private readonly int[] _numbers;
    private readonly string[] _words;

    private ReleaseVersion(string text, int[] numbers, string[] words) => (Text, _numbers, _words) = (text, numbers, words);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ReleaseVersion? version)
    {
        version = null;
        if (text is not { Length: > 0 and <= MaximumLength })
        {
            return false;
        }
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        string[] parts = (dash < 0 ? text : text[..dash]).Split('.');
        string[] words = dash < 0 ? [] : text[(dash + 1)..].Split('.');
        var numbers = new int[3];
        if (parts.Length != numbers.Length || !words.All(static word => word.Length > 0 && word.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')))
        {
            return false;
        }
        for (int i = 0; i < numbers.Length; i++)
        {
            if (parts[i].Length > 9 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }
        version = new ReleaseVersion(text, numbers, words);
        return true;
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static ReleaseVersion Parse(string text) => TryParse(text, out ReleaseVersion? version) ? version : throw new FormatException($"{text} is no version.");

    public bool IsOlderThan(ReleaseVersion other) => Compare(this, other) < 0;

    public bool Equals(ReleaseVersion? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static int Compare(ReleaseVersion one, ReleaseVersion other)
    {
        for (int i = 0; i < one._numbers.Length; i++)
        {
            if (one._numbers[i] != other._numbers[i])
            {
                return one._numbers[i].CompareTo(other._numbers[i]);
            }
        }
        if (one._words.Length == 0 || other._words.Length == 0)
        {
            return other._words.Length.CompareTo(one._words.Length);
        }
        foreach ((string left, string right) in one._words.Zip(other._words))
        {
            if (CompareWords(left, right) is not 0 and var order)
            {
                return order;
            }
        }
        return one._words.Length.CompareTo(other._words.Length);
    }

    private static int CompareWords(string one, string other)
    {
        bool isNumber = ulong.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out ulong left);
        bool isOtherNumber = ulong.TryParse(other, NumberStyles.None, CultureInfo.InvariantCulture, out ulong right);
        return isNumber && isOtherNumber ? left.CompareTo(right)
            : isNumber != isOtherNumber ? isOtherNumber.CompareTo(isNumber)
            : string.CompareOrdinal(one, other);
    }
}
