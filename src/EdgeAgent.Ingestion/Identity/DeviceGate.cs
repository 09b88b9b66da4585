using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>
/// Lets devices in: every call of a device begins here. What lets it in is looked at again whenever the register has looked, and the call is ended when it would not be
/// let in any more.
/// </summary>
internal sealed class DeviceGate : IDisposable
{
    /// <summary>The tables behind it.</summary>
    public static readonly ControlTables Tables = new("identity", [IdentitySchema.First]);

    private const string UploadService = "/edge.v1.Ingest/";

    private readonly IdentityRegister _register;
    private readonly TimeProvider _time;
    private readonly Lock _calls = new();
    private readonly HashSet<DeviceCall> _open = [];

    public DeviceGate(IdentityRegister register, TimeProvider time)
    {
        (_register, _time) = (register, time);
        register.Refreshed += LookAgain;
    }

    /// <summary>Says who is calling, and holds the call's place until it is disposed of.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it cannot be said. PERMISSION_DENIED: the device may not.</exception>
    public DeviceCall Enter(ServerCallContext context)
    {
        Identification identification = CallGuard.IdentificationOf(context);
        if (identification.Caller is not { } caller)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, identification.Problem));
        }
        var call = new DeviceCall(this, caller, context.Method, context.CancellationToken);
        // First entered, then judged: a revocation in between finds the call, or is found by it.
        lock (_calls)
        {
            _open.Add(call);
        }
        if (Refusal(caller, context.Method) is { } refusal)
        {
            call.Dispose();
            throw new RpcException(refusal);
        }
        CallGuard.Note(context, call);
        return call;
    }

    /// <returns>Why this caller may not; null where it may.</returns>
    public Status? Refusal(Caller caller, string method)
    {
        IdentitySnapshot known = _register.Now;
        DeviceDecision decision = known.DecisionOn(caller.Device);
        if (RefusalOf(caller, decision) is { } refusal)
        {
            return refusal;
        }
        if (decision.Standing == DeviceStanding.Quarantined && method.StartsWith(UploadService, StringComparison.Ordinal))
        {
            return new Status(StatusCode.PermissionDenied, $"{caller.Device} is in quarantine: it may not upload, and keeps what it has.{Because(decision)}");
        }
        if (caller.Proof == CallerProof.StaticToken && !known.Bearers.ContainsKey(caller.Id))
        {
            return new Status(StatusCode.Unauthenticated, "The bearer token was withdrawn.");
        }
        return caller.Proof != CallerProof.ExpiredCertificate && _time.GetUtcNow().ToUnixNanoseconds() <= caller.Until ? null
            : new Status(StatusCode.Unauthenticated, $"What shows that this is {caller.Device} expired at {UnixTime.Format(caller.Until)}. A certificate may be renewed.");
    }

    /// <summary>The part of it that also counts for renewals.</summary>
    public static Status? RefusalOf(Caller caller, DeviceDecision decision) =>
        decision.Standing == DeviceStanding.Revoked
            ? new Status(StatusCode.PermissionDenied, $"{caller.Device} was revoked.{Because(decision)}")
        : caller.From < decision.CredentialsFrom
            ? new Status(StatusCode.PermissionDenied, $"What shows that this is {caller.Device} was issued before a revocation. It needs a new token to enrol.")
        : null;

    public DeviceStanding StandingOf(string device) => _register.Now.DecisionOn(device).Standing;

    public void Leave(DeviceCall call)
    {
        lock (_calls)
        {
            _open.Remove(call);
        }
    }

    public void Dispose() => _register.Refreshed -= LookAgain;

    private void LookAgain()
    {
        lock (_calls)
        {
            foreach (DeviceCall call in _open)
            {
                if (call.Refusal is null && Refusal(call.Caller, call.Method) is { } refusal)
                {
                    call.End(refusal);
                }
            }
        }
    }

    private static string Because(DeviceDecision decision) => decision.Reason.Length == 0 ? "" : $" {decision.Reason}";
}
