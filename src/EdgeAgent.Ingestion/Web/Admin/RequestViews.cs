using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Web.Admin;

// What the admin API says of requests to devices. Texts and documents are the device's own words.

/// <remarks>Value: a number, true, false, or null where the quality says that there is none.</remarks>
internal sealed record ValueView(string Series, string At, JsonElement? Value, string Unit, string Quality);

internal sealed record LogLineView(string At, string Level, string Part, string Text);

/// <remarks>
/// State: a word of RequestStates. Values, Document, Lines: what was answered, by kind; all of them null while it is open, where it failed, and where newer
/// answers took its place.
/// </remarks>
internal sealed record RequestView(
    long Id, string Device, string Request, string AskedBy, string AskedAt, string Deadline, string State, string? EndedAt, string Message,
    IReadOnlyList<ValueView>? Values, JsonElement? Document, IReadOnlyList<LogLineView>? Lines)
{
    public static RequestView Of(DeviceRequest request) => new(
        request.Id, request.Device, Words(request.Content), request.AskedBy, UnixTime.Format(request.AskedAt), UnixTime.Format(request.Deadline), request.State.Word(),
        request.EndedAt is { } ended ? UnixTime.Format(ended) : null, request.Message, request.Answer?.Values?.Values.Select(Of).ToArray(),
        request.Answer?.Document is { } document ? Parse(document.Json.Span) : null,
        request.Answer?.Log?.Lines.Select(line => new LogLineView(UnixTime.Format(line.AtUnixNanoseconds), line.Level, line.Part, line.Text)).ToArray());

    /// <summary>As it would be typed.</summary>
    private static string Words(RemoteRequest request) => request.KindCase switch
    {
        RemoteRequest.KindOneofCase.Read => $"read {request.Read.Series}",
        RemoteRequest.KindOneofCase.Status => "status",
        RemoteRequest.KindOneofCase.Spool => "spool",
        RemoteRequest.KindOneofCase.Log => $"logs -n {request.Log.Lines}",
        RemoteRequest.KindOneofCase.LogLevel => $"log-level {request.LogLevel.Level} --for {request.LogLevel.Seconds}s",
        RemoteRequest.KindOneofCase.Restart => "restart",
        RemoteRequest.KindOneofCase.Output => $"output {request.Output.Series} {(request.Output.Value ? "on" : "off")}",
        _ => "unknown",
    };

    private static ValueView Of(SensorValue value) => new(
        value.Series, UnixTime.Format(value.AtUnixNanoseconds), value.ValueCase switch
        {
            SensorValue.ValueOneofCase.Number when double.IsFinite(value.Number) => JsonSerializer.SerializeToElement(value.Number, RequestJson.Default.Double),
            SensorValue.ValueOneofCase.Boolean => JsonSerializer.SerializeToElement(value.Boolean, RequestJson.Default.Boolean),
            _ => null,
        },
        value.Unit, ApiViews.Name(value.Quality));

    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonElement.ParseValue(ref reader);
    }
}

/// <remarks>Ended: null while it lasts, as far as the service knows.</remarks>
internal sealed record SessionView(string Since, string? Ended, string AgentVersion, IReadOnlyList<string> Allowed)
{
    public static SessionView Of(SessionRow row) => new(UnixTime.Format(row.Since), row.Ended is { } ended ? UnixTime.Format(ended) : null, row.AgentVersion, row.Allowed);
}

/// <remarks>Session: the newest one; null where the device never had one. Requests: the newest first.</remarks>
internal sealed record RequestsAnswer(SessionView? Session, IReadOnlyList<RequestView> Requests);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RequestForm))]
[JsonSerializable(typeof(RequestsAnswer))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class RequestJson : JsonSerializerContext;
