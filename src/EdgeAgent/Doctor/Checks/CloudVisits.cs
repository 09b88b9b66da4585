using System.Security.Cryptography;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Doctor.Checks;

/// <summary>
/// Goes to every endpoint of the cloud once, for all checks that want to know of it: over connections of its own, with the device's certificate, and with a session that
/// holds nothing and belongs to no spool, so that it stores nothing and is in nobody's way.
/// </summary>
internal sealed class CloudVisits
{
    /// <summary>Long enough for a slow mobile line (5 s), short enough to be waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>grpc.health.v1.Health without its proto: the question is empty, the answer one number, of which 1 is SERVING.</summary>
    private static readonly Method<byte[], byte[]> Health = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Bytes(), Bytes());

    private readonly ExaminedDevice _device;
    private readonly Lazy<Task<CloudVisit[]>> _all;

    public CloudVisits(ExaminedDevice device)
    {
        _device = device;
        UplinkOptions cloud = device.Known.Cloud;
        _all = new Lazy<Task<CloudVisit[]>>(() => Task.WhenAll(cloud.Endpoints.Select(VisitAsync)));
    }

    /// <summary>In the order of the configuration.</summary>
    public async Task<IReadOnlyList<CloudVisit>> AllAsync(CancellationToken cancellationToken) => await _all.Value.WaitAsync(cancellationToken).ConfigureAwait(false);

    private async Task<CloudVisit> VisitAsync(Uri endpoint)
    {
        UplinkOptions options = _device.Known.Cloud.ForEndpoint(endpoint, Patience);
        var visit = new CloudVisit(endpoint);
        DeviceCredentials credentials;
        try
        {
            credentials = new DeviceCredentials(options);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Whether a way leads there can be told all the same.
            (visit, options) = (visit with { NoCertificate = failure }, options.WithoutDevice());
            credentials = new DeviceCredentials(options);
        }
        var times = new CertificateTimes(_device.Clock, _device.Time);
        using var metrics = new AgentMetrics();
        visit = await ConnectAsync(visit, options, new ServiceTls(credentials, options, times), metrics).ConfigureAwait(false);
        if (visit.NoConnection is not null || visit.NoCertificate is not null)
        {
            return visit;
        }
        using var connection = new UplinkConnection(options, metrics, times, _device.Time, Random.Shared, NullLogger.Instance, _device.Names);
        using var limit = new CancellationTokenSource(2 * Patience, _device.Time);
        try
        {
            visit = await AskHealthAsync(visit, connection.Client(), limit.Token).ConfigureAwait(false);
            return await AskForDeviceAsync(visit, connection.Client(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is OperationCanceledException or RpcException && limit.IsCancellationRequested)
        {
            return visit with { Device = new EmptySessionAnswer(ProbeOutcome.Unanswered, "The service did not answer in time.", 0) };
        }
    }

    private async Task<CloudVisit> ConnectAsync(CloudVisit visit, UplinkOptions options, ServiceTls tls, AgentMetrics metrics)
    {
        var connector = new ServiceConnector(
            visit.Endpoint, new Dialer(_device.Names, metrics, _device.Time), new ProxyChoice(options.Proxy, _device.Environment), tls, options, metrics, _device.Time);
        long started = _device.Time.GetTimestamp();
        try
        {
            await using Stream connected = await connector.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
            return visit with { ConnectedIn = _device.Time.GetElapsedTime(started) };
        }
        catch (ConnectFailedException failure)
        {
            return visit with { NoConnection = failure };
        }
    }

    private static async Task<CloudVisit> AskHealthAsync(CloudVisit visit, IngestClient client, CancellationToken cancellationToken)
    {
        try
        {
            using AsyncUnaryCall<byte[]> call = client.Invoker.AsyncUnaryCall(Health, null, new CallOptions(cancellationToken: cancellationToken), []);
            return visit with { IsServing = await call.ResponseAsync.ConfigureAwait(false) is [0x08, 1, ..] };
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return visit with { HealthWords = $"{failure.StatusCode}: {failure.Status.Detail}" };
        }
    }

    private async Task<CloudVisit> AskForDeviceAsync(CloudVisit visit, IngestClient client, CancellationToken cancellationToken)
    {
        var open = new SessionOpen
        {
            SpoolId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray(bigEndian: true)),
            Lane = Lane.Live,
            FirstSequence = 1,
            AgentVersion = AgentVersion.Value,
            // Then the service says what time it is.
            ClockState = ClockState.Provisional,
        };
        long asked = _device.Time.GetTimestamp();
        EmptySessionAnswer answer = await EmptySession.AskAsync(client, open, cancellationToken).ConfigureAwait(false);
        // The service's clock was read somewhere on the way: in the middle, give or take half of it.
        TimeSpan half = _device.Time.GetElapsedTime(asked) / 2;
        return visit with
        {
            Device = answer,
            Clock = answer.ServerUnixNanoseconds > 0 ? (UnixTime.Instant(answer.ServerUnixNanoseconds) - (_device.Time.GetUtcNow() - half), half) : null,
        };
    }

    private static Marshaller<byte[]> Bytes() => new(static bytes => bytes, static bytes => bytes);
}
