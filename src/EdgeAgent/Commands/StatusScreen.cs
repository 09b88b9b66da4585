using System.Text.Json;

namespace EdgeAgent.Commands;

/// <summary>In which form a status is shown: JSON as it came, or text, with colours only where somebody sees them and does not mind.</summary>
/// <param name="IsJson">For programs.</param>
/// <param name="IsColoured">For people at a terminal.</param>
internal readonly record struct StatusScreen(bool IsJson, bool IsColoured)
{
    /// <param name="output">Where it goes.</param>
    /// <param name="isJson">Whether JSON was asked for.</param>
    public static StatusScreen Of(TextWriter output, bool isJson) => new(
        // no-color.org: any text in it but an empty one.
        isJson, output == Console.Out && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    public string Show(JsonElement status) => IsJson ? status.GetRawText() + "\n" : StatusText.Of(status, IsColoured);
}
