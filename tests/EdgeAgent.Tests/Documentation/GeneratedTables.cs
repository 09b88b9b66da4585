using System.Text;
using System.Text.RegularExpressions;

namespace EdgeAgent.Tests.Documentation;

/// <summary>
/// The places of a page where tables stand that nobody writes by hand.
/// <code>
/// place := "&lt;!-- keys of " section [ ":" key+ ] " --&gt;" table "&lt;!-- end of keys --&gt;"      without keys: all of the section
/// </code>
/// </summary>
internal static partial class GeneratedTables
{
    /// <summary>The page with each of its tables made anew.</summary>
    public static string Renew(string page, ConfigurationTables tables) => Place().Replace(page, place =>
    {
        string section = place.Groups["section"].Value;
        string[] keys = place.Groups["keys"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var table = new StringBuilder($"{place.Groups["begin"].Value}\n\n{ConfigurationTables.Head}");
        foreach (string key in keys.Length == 0 ? tables.Keys(section) : keys)
        {
            table.Append(tables.Row(section, key)).Append('\n');
        }
        return table.Append("\n<!-- end of keys -->").ToString();
    });

    [GeneratedRegex(@"(?<begin><!-- keys of (?<section>\w+)(:(?<keys>[ \w]+))? -->).*?<!-- end of keys -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
