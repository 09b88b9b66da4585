using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.LocalStatus;

/// <summary>
/// The page for a phone at the cabinet: one file, with nothing from elsewhere. Its policy lets run exactly the one script and the one style that it was built with.
/// </summary>
internal static class StatusPage
{
    private static readonly Lazy<LocalAnswer> Built = new(Build);

    public static LocalAnswer Answer => Built.Value;

    private static LocalAnswer Build()
    {
        using Stream resource = typeof(StatusPage).Assembly.GetManifestResourceStream("status.html")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        string page = reader.ReadToEnd();
        string policy = $"default-src 'none'; script-src '{HashOf(page, "script")}'; style-src '{HashOf(page, "style")}'; connect-src 'self'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return LocalAnswer.Of("text/html; charset=utf-8", page) with { Policy = policy };
    }

    /// <summary>As a Content-Security-Policy (CSP3, 2.3.1) names the content of an element. The page has one of each.</summary>
    private static string HashOf(string page, string element)
    {
        int start = page.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        int end = page.IndexOf($"</{element}>", start, StringComparison.Ordinal);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[start..end])));
    }
}
