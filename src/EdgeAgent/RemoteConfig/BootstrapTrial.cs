using System.Security.Cryptography;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// Asks the service at a new place, over a connection of its own beside the one in use: TLS has to be right, the device's certificate accepted, and one call
/// answered by the service itself. The call is the report that the revision is on trial, which is true in a moment and needs the device to be known.
/// </summary>
internal static class BootstrapTrial
{
    /// <summary>Once round all endpoints, and the first one again.</summary>
    private const int Further = 2;

    /// <returns>Why the place is not good; null where it is.</returns>
    public static async Task<string?> RunAsync(IServiceProvider services, Layered next, TimeProvider time, CancellationToken cancellationToken)
    {
        UplinkOptions options = next.Configuration.Cloud;
        using var connection = new UplinkConnection(
            options, services.GetRequiredService<AgentMetrics>(), services.GetRequiredService<CertificateTimes>(), time, Random.Shared,
            services.GetRequiredService<ILogger<UplinkConnection>>());
        var report = new RevisionEvent(next.Header, RevisionOutcome.OnTrial, [], 0, next.Header.Number, IsTold: false);
        string obstacle = "";
        for (int i = 0; i < options.FurtherEndpoints.Count + Further; i++)
        {
            using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var client = new Config.ConfigClient(connection.Client().Invoker);
                await client.ReportAsync(ConfigReports.ReportOf(report), cancellationToken: either.Token).ConfigureAwait(false);
                return null;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (RpcException answered) when (answered.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition)
            {
                // It knows the device, and not the revision, as a service does that takes over for another one.
                return null;
            }
            catch (RpcException failure)
            {
                obstacle = limit.IsCancellationRequested ? "The service did not answer in time." : $"{failure.StatusCode}: {failure.Status.Detail}";
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or OperationCanceledException)
            {
                obstacle = failure.Message;
            }
        }
        return $"The service could not be had there, and nothing was switched: {obstacle}";
    }
}
