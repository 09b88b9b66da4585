using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Health.V1;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>
/// Peers that take what they can get. What HTTP/2 and gRPC do against them is held by the gRPC library's own tests; here is what this
/// service sets.
/// </summary>
public sealed class HostilePeerTests
{
    private const int Connections = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Connections_beyond_their_number_are_closed_and_there_is_room_again_when_others_leave()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.MaximumSessions = 1);
        var silent = new List<Socket>();
        for (int i = 0; i < Connections; i++)
        {
            silent.Add(await ConnectAsync(service));
        }
        using Socket oneMore = await ConnectAsync(service);

        Assert.Equal(0, await oneMore.ReceiveAsync(new byte[1], SocketFlags.None).WaitAsync(Patience));

        silent.ForEach(connection => connection.Dispose());
        var client = new Health.HealthClient(service.Channel("plant-1"));
        await Eventually.TrueAsync(() => IsServed(client), Patience, "a call is served", TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_request_that_dribbles_is_ended_while_an_upload_may_be_as_slow_as_its_line()
    {
        await using RunningService service = await RunningService.StartAsync();
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> upload = service.Client().Upload();
        await upload.RequestStream.WriteAsync(Uploads.Open(1));
        await upload.ResponseHeadersAsync;
        using var client = new HttpMessageInvoker(service.Handler("plant-2"));
        var mayEnd = new TaskCompletionSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{service.IngestPort}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new DribblingContent(mayEnd.Task),
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, CancellationToken.None).WaitAsync(Patience));

        await upload.RequestStream.WriteAsync(Uploads.Numbers(1));
        await upload.RequestStream.CompleteAsync();
        Assert.Equal(1ul, (await upload).DurableThrough);
        mayEnd.SetResult();
    }

    private static async Task<Socket> ConnectAsync(RunningService service)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.IngestPort);
        return socket;
    }

    private static bool IsServed(Health.HealthClient client)
    {
        try
        {
            return client.Check(new HealthCheckRequest()).Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    /// <summary>Three of the five bytes before a message, and then nothing.</summary>
    private sealed class DribblingContent : HttpContent
    {
        private readonly Task _mayEnd;

        public DribblingContent(Task mayEnd)
        {
            _mayEnd = mayEnd;
            Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[3]);
            await stream.FlushAsync();
            await _mayEnd;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
