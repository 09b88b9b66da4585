using System.Buffers;
using System.Text;

namespace EdgeAgent.LocalStatus;

/// <summary>What became of reading the head of a request.</summary>
internal enum RequestReading
{
    /// <summary>Read on: its end is not there yet.</summary>
    Incomplete,

    /// <summary>It is there.</summary>
    Complete,

    /// <summary>This is no request. Say so and hang up.</summary>
    Malformed,
}

/// <summary>
/// The head of a request, as much of RFC 9112 as a page and a scraper need.
/// <code>
/// head   := method SP target SP "HTTP/1." ( "0" | "1" ) CRLF *( name ":" value CRLF ) CRLF
/// target := "/" path [ "?" query ]                        the query means nothing here
/// </code>
/// A body is not read: nothing that has one is answered with more than a refusal, and each answer ends the connection.
/// </summary>
/// <param name="Method">As it was written.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Host">The header; null where there is none.</param>
internal readonly record struct RequestHead(string Method, string Path, string? Host)
{
    /// <summary>4 KiB: a browser sends less than 1, with cookies of others at the same name less than this.</summary>
    public const int MaximumBytes = 4096;

    private const int LongestMethod = 16;

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Visible ASCII: what a target is made of.</summary>
    private static readonly SearchValues<byte> TargetBytes = SearchValues.Create([.. Enumerable.Range(0x21, 0x5e).Select(static code => (byte)code)]);

    public static RequestReading TryRead(ReadOnlySpan<byte> bytes, out RequestHead head)
    {
        head = default;
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return RequestReading.Incomplete;
        }
        ReadOnlySpan<byte> left = bytes[..(end + 2)];
        return TryReadLine(TakeLine(ref left), out string method, out string path) && TryReadHost(left, out string? host)
            ? Complete(new RequestHead(method, path, host), out head)
            : RequestReading.Malformed;
    }

    private static RequestReading Complete(RequestHead read, out RequestHead head)
    {
        head = read;
        return RequestReading.Complete;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out string method, out string path)
    {
        (method, path) = ("", "");
        int first = line.IndexOf((byte)' '), last = line.LastIndexOf((byte)' ');
        if (first is < 1 or > LongestMethod || last <= first + 1 || line[..first].ContainsAnyExcept(TokenBytes))
        {
            return false;
        }
        ReadOnlySpan<byte> target = line[(first + 1)..last], version = line[(last + 1)..];
        if (target[0] != '/' || target.ContainsAnyExcept(TargetBytes) || !(version.SequenceEqual("HTTP/1.1"u8) || version.SequenceEqual("HTTP/1.0"u8)))
        {
            return false;
        }
        int query = target.IndexOf((byte)'?');
        (method, path) = (Encoding.ASCII.GetString(line[..first]), Encoding.ASCII.GetString(query < 0 ? target : target[..query]));
        return true;
    }

    private static bool TryReadHost(ReadOnlySpan<byte> lines, out string? host)
    {
        host = null;
        while (!lines.IsEmpty)
        {
            ReadOnlySpan<byte> line = TakeLine(ref lines);
            int colon = line.IndexOf((byte)':');
            if (colon < 1 || line[..colon].ContainsAnyExcept(TokenBytes))
            {
                return false;
            }
            if (!Ascii.EqualsIgnoreCase(line[..colon], "host"u8))
            {
                continue;
            }
            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            // Two of them, and what stands before this one may have believed the other.
            if (host is not null || value.ContainsAnyExcept(TargetBytes))
            {
                return false;
            }
            host = Encoding.ASCII.GetString(value);
        }
        return true;
    }

    /// <summary>Each line ends with CR LF: the head was cut so.</summary>
    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> left)
    {
        int end = left.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = left[..end];
        left = left[(end + 2)..];
        return line;
    }
}
