using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// Closes connections over which nobody who is known has called within a time. Without it whoever can do a handshake holds a place for as long as pings are
/// answered. A connection that has had such a call may be idle.
/// </summary>
internal static class FirstCall
{
    private static readonly object Key = new();

    /// <summary>From the first byte, so that the handshake counts.</summary>
    public static void Use(ListenOptions listen, TimeSpan within, TimeProvider time) => listen.Use(next => async connection =>
    {
        await using ITimer timer = time.CreateTimer(
            static state => ((ConnectionContext)state!).Abort(new ConnectionAbortedException("Nobody who is known has called in time.")), connection, within, Timeout.InfiniteTimeSpan);
        connection.Items[Key] = timer;
        await next(connection);
    });

    /// <summary>The caller is known: its connection stays.</summary>
    public static void Happened(HttpContext call)
    {
        if (call.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out object? timer) == true)
        {
            ((ITimer)timer!).Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
