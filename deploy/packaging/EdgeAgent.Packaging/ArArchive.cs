using System.Globalization;
using System.Text;

namespace EdgeAgent.Packaging;

/// <summary>
/// The archive format of ar, which a Debian package is (deb(5)):
/// <code>
/// archive := "!&lt;arch>" LF *member
/// member  := name[16] time[12] owner[6] group[6] mode[8] size[10] "`" LF contents [ LF ]
/// </code>
/// All fields are ASCII, padded with spaces; mode is octal, the other numbers decimal; a byte is added to contents of an odd length.
/// </summary>
internal static class ArArchive
{
    public static void Write(Stream output, DateTimeOffset time, params ReadOnlySpan<(string Name, byte[] Contents)> members)
    {
        output.Write("!<arch>\n"u8);
        foreach ((string name, byte[] contents) in members)
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{name,-16}{time.ToUnixTimeSeconds(),-12}{0,-6}{0,-6}{"100644",-8}{contents.Length,-10}`\n")));
            output.Write(contents);
            if (contents.Length % 2 == 1)
            {
                output.WriteByte((byte)'\n');
            }
        }
    }
}
