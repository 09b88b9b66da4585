using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAgent.Doctor.Bundle;

/// <summary>
/// Takes secrets out of texts, in two ways, so that either may miss one: secrets that are known, in every form in which a text may carry them; and whatever looks like
/// one: private keys, user parts of URLs, headers of logins, values of variables and keys that are called so.
/// </summary>
internal sealed partial class Redaction
{
    public const string Hidden = "(not shown)";

    /// <summary>Shorter ones are parts of ordinary words; where they stand in a configuration they are hidden by their place.</summary>
    private const int ShortestSecret = 4;

    /// <summary>Of a piece of base64, six bits each: fewer would fit by chance.</summary>
    private const int ShortestPiece = 5;

    private readonly string[] _forms;

    /// <param name="secrets">All that are known.</param>
    public Redaction(IEnumerable<string> secrets) =>
        // The longest first, so that a secret that holds another one goes as a whole.
        _forms = [.. secrets.Where(static secret => secret.Length >= ShortestSecret).SelectMany(Forms).Distinct().OrderByDescending(static form => form.Length)];

    public string Clean(string text)
    {
        foreach (string form in _forms)
        {
            text = text.Replace(form, Hidden, StringComparison.Ordinal);
        }
        text = PrivateKey().Replace(text, Hidden);
        text = UserOfUrl().Replace(text, $"{Hidden}@");
        text = LoginHeader().Replace(text, $"$1{Hidden}");
        text = UnitVariables().Replace(text, static line => line.Groups[1].Value + UnitVariable().Replace(line.Groups[2].Value, static variable =>
            variable.Groups["name"].Value.StartsWith("DOTNET_", StringComparison.Ordinal) ? variable.Value : $"{variable.Groups["name"].Value}={Hidden}"));
        text = UnitCredential().Replace(text, $"$1{Hidden}");
        text = TokenOption().Replace(text, $"$1{Hidden}");
        return NamedSecret().Replace(text, $"$1$2{Hidden}");
    }

    private static IEnumerable<string> Forms(string secret)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return JsonEncodedText.Encode(secret).Value;
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        // Within other bytes, as the password in the user:password of a Basic login, it begins at one of three places in a group of four digits.
        for (int before = 0; before < 3; before++)
        {
            string whole = Convert.ToBase64String([.. new byte[before], .. bytes]);
            int begin = before == 0 ? 0 : before + 1, end = (before + bytes.Length) * 8 / 6;
            if (end - begin >= ShortestPiece)
            {
                yield return whole[begin..end];
                yield return whole[begin..end].Replace('+', '-').Replace('/', '_');
            }
        }
    }

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"(?<=://)[^/\s@""']+@")]
    private static partial Regex UserOfUrl();

    [GeneratedRegex(@"((?:proxy-)?authorization\s*:\s*)\S[^\r\n""]*", RegexOptions.IgnoreCase)]
    private static partial Regex LoginHeader();

    /// <summary>Environment= of a unit, and of what systemctl show prints: a variable whose name says nothing may hold a password all the same.</summary>
    [GeneratedRegex(@"^(\s*Environment=)(.*)$", RegexOptions.Multiline)]
    private static partial Regex UnitVariables();

    /// <summary>As systemd.exec(5) lets it be written: the whole in quotes, or the value, or neither.</summary>
    [GeneratedRegex(@"""(?<name>\w+)=[^""]*""|'(?<name>\w+)=[^']*'|(?<name>\w+)=(?:""[^""]*""|'[^']*'|\S*)")]
    private static partial Regex UnitVariable();

    [GeneratedRegex(@"^(\s*SetCredential(?:Encrypted)?=[^:\r\n]*:).*$", RegexOptions.Multiline)]
    private static partial Regex UnitCredential();

    [GeneratedRegex(@"(--token[= ])\S+")]
    private static partial Regex TokenOption();

    [GeneratedRegex(@"\b([\w-]*(?:password|passwd|passphrase|token|secret|api_?key|api-key)[\w-]*)([""']?\s*[=:]\s*[""']?)(?![\s""'({[])[^\s""',;}\]]+", RegexOptions.IgnoreCase)]
    private static partial Regex NamedSecret();
}
