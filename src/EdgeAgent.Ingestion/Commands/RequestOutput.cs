using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>Answers of devices as people and programs read them.</summary>
internal static class RequestOutput
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>0 done, 1 failed, 3 refused by the device, 4 nobody answered in time. 2 is what was typed wrong.</summary>
    public static int ExitCode(RequestState state) => state switch
    {
        RequestState.Done => 0,
        RequestState.Refused => 3,
        RequestState.TimedOut => 4,
        _ => 1,
    };

    public static string ToJson(RequestView request) => Write(json => JsonSerializer.Serialize(json, request, RequestJson.Default.RequestView));

    public static void Print(TextWriter output, TextWriter errors, RequestView request)
    {
        foreach (ValueView value in request.Values ?? [])
        {
            output.WriteLine(Plain($"{value.At}  {value.Series}  {value.Value?.ToString() ?? "-"} {value.Unit}".TrimEnd() + $"  {value.Quality}"));
        }
        foreach (LogLineView line in request.Lines ?? [])
        {
            output.WriteLine(Plain($"{line.At} {line.Level,-11} {line.Part}: {line.Text}"));
        }
        if (request.Document is { } document)
        {
            output.WriteLine(Write(document.WriteTo));
        }
        bool isDone = RequestStates.Parse(request.State) == RequestState.Done;
        if (!isDone || request.Message.Length > 0)
        {
            (isDone ? output : errors).WriteLine(Plain(isDone ? request.Message : $"{request.Device}: {request.State.Replace('_', ' ')}. {request.Message}"));
        }
    }

    /// <summary>A device's words must not steer the terminal of whoever asked it.</summary>
    private static string Plain(string text) => string.Create(text.Length, text, static (line, text) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
        }
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            write(json);
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
