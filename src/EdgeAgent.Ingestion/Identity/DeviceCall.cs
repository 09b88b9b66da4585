using Grpc.Core;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>A call of a device that has been let in.</summary>
internal sealed class DeviceCall : IDisposable
{
    private readonly DeviceGate _gate;
    private readonly CancellationTokenSource _ended;

    public DeviceCall(DeviceGate gate, Caller caller, string method, CancellationToken connection)
    {
        (_gate, Caller, Method) = (gate, caller, method);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(connection);
        Ended = _ended.Token;
    }

    public string Device => Caller.Device;

    public Caller Caller { get; }

    /// <summary>As gRPC has it: /edge.v1.Ingest/Upload.</summary>
    public string Method { get; }

    /// <summary>The caller has gone, or may not call any more: it was revoked, or put into quarantine.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Why the device may not go on; null while it may. <see cref="CallGuard"/> tells the device.</summary>
    public Status? Refusal { get; private set; }

    /// <summary>What the device may do now.</summary>
    public DeviceStanding Standing => _gate.StandingOf(Device);

    /// <summary>Ends the call. Only the gate does, which knows that it is still open.</summary>
    public void End(Status refusal)
    {
        Refusal = refusal;
        // What waits for the end runs elsewhere: one call must not hold up the end of the others.
        _ = _ended.CancelAsync();
    }

    public void Dispose()
    {
        _gate.Leave(this);
        _ended.Dispose();
    }
}
