using System.Globalization;
using System.Text;

namespace EdgeAgent.LocalStatus;

/// <summary>An answer as it goes out: head and body, after which the connection ends.</summary>
/// <param name="Status">Code and reason, such as "200 OK".</param>
/// <param name="Type">Of the content.</param>
/// <param name="Body">The content.</param>
/// <param name="Policy">Content-Security-Policy; what is no page may do nothing at all.</param>
internal sealed record LocalAnswer(string Status, string Type, ReadOnlyMemory<byte> Body, string Policy = "default-src 'none'; frame-ancestors 'none'")
{
    public const string Json = "application/json; charset=utf-8";

    public static LocalAnswer Of(string type, string text) => new("200 OK", type, Encoding.UTF8.GetBytes(text));

    /// <param name="status">Code and reason.</param>
    /// <param name="sentence">For a person.</param>
    public static LocalAnswer Refusal(string status, string sentence) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(sentence + "\n"));

    /// <summary>Nothing of it is kept by anybody, read by pages from elsewhere, or taken for anything else than it is.</summary>
    public byte[] Head() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        HTTP/1.1 {Status}
        Content-Type: {Type}
        Content-Length: {Body.Length}
        Connection: close
        Cache-Control: no-store
        X-Content-Type-Options: nosniff
        Referrer-Policy: no-referrer
        Cross-Origin-Resource-Policy: same-origin
        Content-Security-Policy: {Policy}{(Status.StartsWith("405", StringComparison.Ordinal) ? "\nAllow: GET" : "")}


        """).ReplaceLineEndings("\r\n"));
}
