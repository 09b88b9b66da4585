using System.Globalization;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.RemoteSession;

/// <summary>Requests and whoever asks, as the log has them. What comes from outside is one short line, whatever it says.</summary>
internal static class RequestWords
{
    private const int Longest = 300;

    public static string Of(RemoteRequest request) => request.KindCase switch
    {
        RemoteRequest.KindOneofCase.Read => Plain($"read {request.Read.Series}"),
        RemoteRequest.KindOneofCase.Log => string.Create(CultureInfo.InvariantCulture, $"logs -n {request.Log.Lines}"),
        RemoteRequest.KindOneofCase.LogLevel => Plain(string.Create(CultureInfo.InvariantCulture, $"log-level {request.LogLevel.Level} --for {request.LogLevel.Seconds}s")),
        RemoteRequest.KindOneofCase.Output => Plain($"output {request.Output.Series} {(request.Output.Value ? "on" : "off")}"),
        _ => AllowedRequests.WordOf(request) ?? "something that this version does not know",
    };

    public static string Plain(string text) => string.Concat(text.Take(Longest).Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
