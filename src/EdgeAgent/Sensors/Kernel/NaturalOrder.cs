namespace EdgeAgent.Sensors.Kernel;

/// <summary>
/// Numbers in names count as numbers: temp2 comes before temp10. .NET compares like that only with the tables of a culture, which the agent
/// is shipped without.
/// </summary>
internal static class NaturalOrder
{
    public static Comparer<string> Comparer { get; } = Comparer<string>.Create(Compare);

    private static int Compare(string one, string other)
    {
        ReadOnlySpan<char> left = one, right = other;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            int order = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0])
                ? CompareNumbers(TakeNumber(ref left), TakeNumber(ref right))
                : TakeLetter(ref left) - TakeLetter(ref right);
            if (order != 0)
            {
                return order;
            }
        }
        return left.Length - right.Length;
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);

    /// <summary>Without the zeros before it.</summary>
    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = end < 0 ? text : text[..end];
        text = text[number.Length..];
        return number.TrimStart('0');
    }

    private static char TakeLetter(ref ReadOnlySpan<char> text)
    {
        char letter = text[0];
        text = text[1..];
        return letter;
    }
}
