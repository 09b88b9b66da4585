using System.Text;
using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

/// <summary>What a page leads to, and the places in it that can be led to.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(IReadOnlyList<string> links, IReadOnlySet<string> anchors)
    {
        Links = links;
        Anchors = anchors;
    }

    /// <summary>Targets as they are written, pictures too, but for those with a scheme, such as https.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>The headings, as GitHub names them in addresses.</summary>
    public IReadOnlySet<string> Anchors { get; }

    public static MarkdownPage Read(string path)
    {
        var links = new List<string>();
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        bool isCode = false;
        foreach (string line in File.ReadLines(path))
        {
            isCode ^= line.StartsWith("```", StringComparison.Ordinal);
            if (isCode)
            {
                continue;
            }
            if (Heading().Match(line) is { Success: true } heading)
            {
                // A heading that is there already is told from the others by a number.
                string anchor = Anchor(heading.Groups[1].Value);
                int copies = 0;
                while (!anchors.Add(copies == 0 ? anchor : $"{anchor}-{copies}"))
                {
                    copies++;
                }
            }
            links.AddRange(Link().Matches(line).Select(match => match.Groups[1].Value).Where(target => !Scheme().IsMatch(target)));
        }
        return new MarkdownPage(links, anchors);
    }

    /// <summary>Lower case, spaces as hyphens, and nothing but letters, digits, hyphens and underscores.</summary>
    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char character in LinkText().Replace(heading.Trim(), "$1"))
        {
            if (char.IsLetterOrDigit(character) || character is '-' or '_')
            {
                anchor.Append(char.ToLowerInvariant(character));
            }
            else if (character == ' ')
            {
                anchor.Append('-');
            }
        }
        return anchor.ToString();
    }

    [GeneratedRegex("^#{1,6} +(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex("""(?:\]\(|(?:src|srcset)=")([^)"\s]+)[)"]""")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();
}
