using Microsoft.AspNetCore.Connections;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Bounds what strangers can make the service compute: a handshake costs it about a millisecond. Those that come too fast wait for their turn, and where that is far away
/// are closed before the first byte.
/// </summary>
internal sealed class HandshakePace(int perSecond, TimeProvider time)
{
    /// <summary>Less than devices wait for a handshake, which is 20 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Pace _pace = new(TimeSpan.FromSeconds(1.0 / perSecond), perSecond, time);

    public async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (_pace.Take(Patience) is not { } wait)
        {
            connection.Abort(new ConnectionAbortedException("Too many connections come at once."));
            return;
        }
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await next(connection);
    }
}
