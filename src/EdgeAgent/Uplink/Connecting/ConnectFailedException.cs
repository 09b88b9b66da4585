namespace EdgeAgent.Uplink.Connecting;

/// <summary>There is no connection. The message is one sentence for the log: what was tried, what happened, without secrets.</summary>
internal sealed class ConnectFailedException(ConnectFailureCause cause, string message, Exception? inner = null) : IOException(message, inner)
{
    public ConnectFailureCause Cause => cause;
}
