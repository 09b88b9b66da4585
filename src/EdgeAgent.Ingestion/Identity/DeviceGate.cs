using EdgeAgent.Ingestion.Storage.Control;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>Lets devices in: every call of a device begins here.</summary>
internal sealed class DeviceGate(Callers callers)
{
    /// <summary>The tables behind it.</summary>
    public static readonly ControlTables Tables = new("identity", []);

    /// <summary>Says who is calling, and holds the call's place until it is disposed of.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: it cannot be said. PERMISSION_DENIED: the device may not.</exception>
    public DeviceCall Enter(ServerCallContext context)
    {
        if (!callers.TryIdentify(context.GetHttpContext(), out string? device, out string? problem))
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, problem));
        }
        return new DeviceCall(device, context.CancellationToken);
    }
}
