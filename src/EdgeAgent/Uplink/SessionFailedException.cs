namespace EdgeAgent.Uplink;

/// <summary>A session is over without a receipt. The loop of <see cref="Uploader"/> is the only one to catch it.</summary>
internal sealed class SessionFailedException(SessionFailure failure, Exception? inner = null) : Exception(failure.Reason, inner)
{
    public SessionFailure Failure { get; } = failure;
}
