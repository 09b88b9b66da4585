using System.Diagnostics.CodeAnalysis;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>A JSON pointer (RFC 6901), taken apart: <c>/a~1b/0</c> is the tokens "a/b" and "0".</summary>
internal sealed record JsonPointer(IReadOnlyList<string> Tokens)
{
    public static readonly JsonPointer WholeDocument = new([]);

    /// <summary>RFC 6901 section 3: empty, or every token led by a slash; ~ only as ~0 and ~1.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPointer? pointer)
    {
        pointer = null;
        if (text.Length == 0)
        {
            pointer = WholeDocument;
            return true;
        }
        if (text[0] != '/')
        {
            return false;
        }
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '~' && (i + 1 == text.Length || text[i + 1] is not ('0' or '1')))
            {
                return false;
            }
        }
        // ~1 first: "~01" is the token "~1" (section 4).
        pointer = new JsonPointer([.. text[1..].Split('/')
            .Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
        return true;
    }
}
