using EdgeAgent.Ingestion.Storage;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace EdgeAgent.Ingestion.Diagnostics;

/// <summary>grpc.health.v1.Health: SERVING while the store works. The server as a whole, and edge.v1.Ingest.</summary>
internal sealed class HealthService(StoreHealth health, IHostApplicationLifetime lifetime) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Status() })
        : throw new RpcException(new Status(StatusCode.NotFound, $"There is no service \"{request.Service}\"."));

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        ServingStatus? told = null;
        while (!ended.IsCancellationRequested)
        {
            Task changed = health.Changed;
            ServingStatus now = IsKnown(request.Service) ? Status() : ServingStatus.ServiceUnknown;
            if (now != told)
            {
                told = now;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = now }, ended.Token);
            }
            await changed.WaitAsync(ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (!context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
        }
    }

    private static bool IsKnown(string service) => service.Length == 0 || service == Protocol.V1.Ingest.Descriptor.FullName;

    private ServingStatus Status() => health.IsServing ? ServingStatus.Serving : ServingStatus.NotServing;
}
