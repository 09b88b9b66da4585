using System.Text.Json;
using EdgeAgent.LocalStatus;

namespace EdgeAgent.Updates;

/// <summary>What the agent that runs says of itself at one moment.</summary>
/// <param name="Version">Of its program.</param>
/// <param name="Running">How long its process has run.</param>
/// <param name="IsReceipted">The service has confirmed readings to this process.</param>
internal sealed record AgentSighting(string Version, TimeSpan Running, bool IsReceipted)
{
    /// <summary>A status is a matter of milliseconds; a board that starts is busy.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <returns>Null where nobody answers, as between the end of one process and the beginning of the next.</returns>
    public static async Task<AgentSighting?> ReadAsync(string socket, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(AnswerLimit);
        try
        {
            using JsonDocument status = await StatusClient.ReadAsync(socket, late.Token).ConfigureAwait(false);
            JsonElement root = status.RootElement;
            double running = root.GetProperty("runningSeconds").GetDouble();
            JsonElement acknowledged = root.GetProperty("uplink").GetProperty("acknowledgedSecondsAgo");
            bool isReceipted = acknowledged.ValueKind == JsonValueKind.Number && acknowledged.GetDouble() < running;
            return new AgentSighting(root.GetProperty("version").GetString() ?? "", TimeSpan.FromSeconds(running), isReceipted);
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException or TimeoutException or JsonException or KeyNotFoundException or InvalidOperationException
            || (silence is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
