using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>Makes the connections to one endpoint, each within its time, and counts those that fail by their cause.</summary>
internal sealed class ServiceConnector(
    Uri endpoint, Dialer dialer, ProxyChoice proxies, ServiceTls tls, UplinkOptions options, AgentMetrics metrics, TimeProvider time)
{
    public Uri Endpoint => endpoint;

    /// <summary>
    /// Three quarters of the time for connecting and for the service's headers: so the words of what did not answer are there before the session gives up.
    /// </summary>
    private TimeSpan Limit => options.ConnectTimeout * 0.75;

    /// <exception cref="ConnectFailedException">There is no connection.</exception>
    /// <exception cref="OperationCanceledException">Nobody wants the connection any more.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var attempt = new ConnectAttempt(endpoint, dialer, proxies, tls);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await attempt.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            ConnectFailureCause cause = attempt.Step switch
            {
                ConnectStep.LookingUpName => ConnectFailureCause.Dns,
                ConnectStep.AskingProxy => ConnectFailureCause.Proxy,
                _ => ConnectFailureCause.TimedOut,
            };
            throw Counted(new ConnectFailedException(cause, $"No connection to {endpoint.Authority} within {Duration.Format(Limit)}: {attempt.Waiting}.", late));
        }
        catch (ConnectFailedException failure)
        {
            throw Counted(failure);
        }
    }

    /// <summary>Counts a failure that shows on a connection which was made.</summary>
    public ConnectFailedException Counted(ConnectFailedException failure)
    {
        metrics.ConnectFailures.Add(failure.Cause);
        return failure;
    }
}
