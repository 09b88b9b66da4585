using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// Happy eyeballs (RFC 8305) in a bounded form: the addresses of a name are tried one after the other, each with a head start, and the first
/// one that answers is taken. So an IPv6 route that leads nowhere costs a quarter of a second, not the whole time for connecting.
/// </summary>
internal static class AddressRace
{
    /// <summary>RFC 8305, section 5, "Connection Attempt Delay".</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    /// <summary>Addresses tried at most, each of which costs a socket: what a name has beyond that is tried never, so that a wrong name costs little.</summary>
    public const int MostAddresses = 16;

    /// <summary>The families take turns, beginning with the one that the resolver puts first; within a family its order is kept.</summary>
    public static IReadOnlyList<IPAddress> Interleave(IReadOnlyList<IPAddress> resolved)
    {
        AddressFamily first = resolved.Count > 0 ? resolved[0].AddressFamily : AddressFamily.Unspecified;
        IPAddress[] preferred = [.. resolved.Where(address => address.AddressFamily == first)];
        IPAddress[] other = [.. resolved.Where(address => address.AddressFamily != first)];
        var turns = new List<IPAddress>(resolved.Count);
        for (int i = 0; i < Math.Max(preferred.Length, other.Length); i++)
        {
            turns.AddRange(preferred.Skip(i).Take(1));
            turns.AddRange(other.Skip(i).Take(1));
        }
        return turns.Count > MostAddresses ? turns.GetRange(0, MostAddresses) : turns;
    }

    /// <summary>The winner. Whoever wins later is disposed of.</summary>
    /// <exception cref="AggregateException">Every address failed: all failures, in the order in which they happened.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<TWinner> RunAsync<TWinner>(
        IReadOnlyList<IPAddress> addresses,
        Func<IPAddress, CancellationToken, Task<TWinner>> dial,
        TimeProvider time,
        CancellationToken cancellationToken)
        where TWinner : IDisposable
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<TWinner>>();
        var failures = new List<Exception>();
        int started = 0;
        try
        {
            while (started < addresses.Count || running.Count > 0)
            {
                if (started < addresses.Count)
                {
                    running.Add(dial(addresses[started++], over.Token));
                }
                Task headStart = Task.Delay(started < addresses.Count ? HeadStart : Timeout.InfiniteTimeSpan, time, over.Token);
                Task first = await Task.WhenAny([.. running, headStart]).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (first == headStart)
                {
                    continue;
                }
                var finished = (Task<TWinner>)first;
                running.Remove(finished);
                if (finished.IsCompletedSuccessfully)
                {
                    return await finished.ConfigureAwait(false);
                }
                failures.Add(finished.Exception?.InnerException ?? new OperationCanceledException());
            }
            throw new AggregateException(failures);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (Task<TWinner> loser in running)
            {
                _ = LetGoAsync(loser);
            }
        }
    }

    private static async Task LetGoAsync<TWinner>(Task<TWinner> loser)
        where TWinner : IDisposable
    {
        // A failure after the end of the race interests nobody; awaiting it in this way marks it as seen.
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully)
        {
            (await loser.ConfigureAwait(false)).Dispose();
        }
    }
}
