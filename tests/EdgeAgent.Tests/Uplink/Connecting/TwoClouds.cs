using System.Net;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Google.Protobuf;

namespace EdgeAgent.Tests.Uplink.Connecting;

/// <summary>Two services at two endpoints, and sessions that are opened by hand.</summary>
internal sealed class TwoClouds : IAsyncDisposable
{
    private readonly ScriptedCloud _second = new();
    private CloudServer? _server;

    private TwoClouds(UplinkRig rig) => Rig = rig;

    public UplinkRig Rig { get; }

    public TimeSpan MaximumAge => Rig.Options.MaximumConnectionAge;

    /// <summary>How many sessions each has seen.</summary>
    public (int First, int Second) Sessions => (Rig.Cloud.Sessions.Count, _second.Sessions.Count);

    public static async Task<TwoClouds> StartAsync(TimeProvider time)
    {
        var clouds = new TwoClouds(await new UplinkRig { ConnectionTime = time }.StartAsync());
        clouds._server = await CloudServer.StartAsync(clouds._second, clouds.Rig.Authority, clouds.Rig.Authority);
        return clouds;
    }

    public UplinkConnection Connect()
    {
        Rig.Options.FurtherEndpoints = [new Uri($"https://localhost:{_server!.Port}")];
        return Rig.Connect();
    }

    /// <summary>The second one moves to the port of the first, at another address.</summary>
    public async Task StartAtAsync(IPAddress address)
    {
        await _server!.DisposeAsync();
        _server = await CloudServer.StartAsync(_second, Rig.Authority, Rig.Authority, Rig.Options.Endpoint.Port, address);
    }

    public async Task<UploadSession> OpenAsync(UplinkConnection connection)
    {
        var session = new UploadSession(connection.Client(), 1, Rig.Options, static () => TimeSpan.MaxValue, TimeProvider.System, CancellationToken.None);
        await session.OpenAsync(
            new SessionOpen { SpoolId = ByteString.CopyFrom(new byte[16]), Lane = Lane.Live, FirstSequence = 1 }, CancellationToken.None);
        return session;
    }

    /// <summary>A session from its opening to its receipt.</summary>
    /// <returns>The client that it went over.</returns>
    public async Task<IngestClient> SessionAsync(UplinkConnection connection)
    {
        using UploadSession session = await OpenAsync(connection);
        await session.CompleteAsync(TimeSpan.Zero);
        await session.Receipt.WaitAsync(TimeSpan.FromSeconds(20));
        return session.Client;
    }

    public async ValueTask DisposeAsync()
    {
        await Rig.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
