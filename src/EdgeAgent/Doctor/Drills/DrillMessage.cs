using System.Globalization;

namespace EdgeAgent.Doctor.Drills;

/// <summary>
/// What a drill publishes. Anybody can tell from a message's number what it has to be:
/// <code>message := number " " filling          filling := characters of a generator that begins with the number</code>
/// </summary>
internal static class DrillMessage
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

    /// <param name="number">From 0 on.</param>
    /// <param name="length">Of the whole message; at least the number and the space.</param>
    public static string Of(int number, int length)
    {
        string begin = string.Create(CultureInfo.InvariantCulture, $"{number} ");
        return begin.Length >= length ? begin : string.Create(length, (begin, number), static (text, message) =>
        {
            message.begin.CopyTo(text);
            // Numerical Recipes' generator: no two messages compress into one another, or the disk would not fill.
            uint state = (uint)message.number;
            foreach (ref char letter in text[message.begin.Length..])
            {
                state = (state * 1_664_525) + 1_013_904_223;
                letter = Characters[(int)(state >> 26)];
            }
        });
    }
}
