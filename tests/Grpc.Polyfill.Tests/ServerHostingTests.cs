using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Polyfill.Tests;

public sealed class ServerHostingTests
{
    [Fact]
    public async Task A_handler_sees_who_its_client_is_by_the_client_certificate()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, context) =>
        {
            AuthContext auth = context.AuthContext;
            X509Certificate2? certificate = context.GetHttpContext().Connection.ClientCertificate;
            string identity = auth.PeerIdentity.Single().Value;
            return Task.FromResult(new Message { Text = $"{auth.IsPeerAuthenticated} {identity} {certificate?.Subject}" });
        };
        using X509Certificate2 device = server.Authority.IssueDevice("gateway-7");
        var client = new Echo.EchoClient(server.Channel(clientCertificate: device));

        Assert.Equal("True gateway-7 CN=gateway-7", (await client.SayAsync(new Message())).Text);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_nobody()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, context) => Task.FromResult(new Message
        {
            Text = $"{context.AuthContext.IsPeerAuthenticated} {context.AuthContext.Properties.Count()}",
        });

        Assert.Equal("False 0", (await server.Client.SayAsync(new Message())).Text);
    }

    [Fact]
    public async Task A_handler_sees_method_host_and_peer()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, context) => Task.FromResult(new Message { Text = $"{context.Method} {context.Host} {context.Peer}" });

        Message plain = await server.Client.SayAsync(new Message());
        Message hosted = await server.Client.WithHost("other:1").SayAsync(new Message());

        Assert.Matches($@"^/grpc_polyfill\.tests\.Echo/Say localhost:{server.Address.Port} ipv4:127\.0\.0\.1:\d+$", plain.Text);
        Assert.Equal(plain.Text, hosted.Text);
    }

    [Fact]
    public async Task A_service_is_made_for_each_call_and_disposed_of_after_it()
    {
        var lives = new Lives();
        await using EchoServer server = await EchoServer.StartAsync(
            services: services => services.AddSingleton(lives), map: app => app.MapGrpcService<MortalService>());
        var client = new Mortal.MortalClient(server.Channel());

        Assert.Equal("1", (await client.LiveAsync(new Message())).Text);
        Assert.Equal("2", (await client.LiveAsync(new Message())).Text);
        Assert.Equal(2, lives.Ended);
    }

    [Fact]
    public async Task A_service_that_is_registered_keeps_its_lifetime()
    {
        var lives = new Lives();
        await using EchoServer server = await EchoServer.StartAsync(
            services: services => services.AddSingleton(lives).AddSingleton<MortalService>(),
            map: app => app.MapGrpcService<MortalService>());
        var client = new Mortal.MortalClient(server.Channel());

        await client.LiveAsync(new Message());
        await client.LiveAsync(new Message());

        Assert.Equal((1, 0), (lives.Begun, lives.Ended));
    }

    [Fact]
    public async Task Endpoints_carry_the_method_and_the_attributes_of_service_and_handler()
    {
        EndpointDataSource? endpoints = null;
        await using EchoServer server = await EchoServer.StartAsync(
            services: services => services.AddSingleton(new Lives()),
            map: app =>
            {
                app.MapGrpcService<MortalService>().WithMetadata("convention");
                endpoints = ((IEndpointRouteBuilder)app).DataSources.Last();
            });
        EndpointMetadataCollection metadata = endpoints!.Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType == typeof(MortalService))
            .Metadata;

        Assert.Equal("Live", metadata.GetRequiredMetadata<GrpcMethodMetadata>().Method.Name);
        Assert.Equal(typeof(MortalService), metadata.GetRequiredMetadata<GrpcMethodMetadata>().ServiceType);
        Assert.Equal(["service", "handler"], metadata.OfType<System.ComponentModel.DescriptionAttribute>().Select(one => one.Description));
        Assert.Contains("convention", metadata);
    }

    [Fact]
    public async Task Calls_in_flight_finish_while_the_server_stops()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var received = new TaskCompletionSource();
        server.Behaviour.Collect = async (messages, _) =>
        {
            Assert.True(await messages.MoveNext());
            received.SetResult();
            return new Summary { Messages = await messages.ReadAllAsync().CountAsync() + 1 };
        };
        using AsyncClientStreamingCall<Message, Summary> call = server.Client.Collect();
        await call.RequestStream.WriteAsync(new Message());
        await received.Task;

        Task stopped = server.StopAsync();
        await call.RequestStream.WriteAsync(new Message());
        await call.RequestStream.CompleteAsync();

        Assert.Equal(2, (await call).Messages);
        await stopped;
    }

    public sealed class Lives
    {
        public int Begun { get; set; }

        public int Ended { get; set; }
    }

    [System.ComponentModel.Description("service")]
    public sealed class MortalService : Mortal.MortalBase, IDisposable
    {
        private readonly Lives _lives;

        public MortalService(Lives lives)
        {
            _lives = lives;
            _lives.Begun++;
        }

        [System.ComponentModel.Description("handler")]
        public override Task<Message> Live(Message request, ServerCallContext context) =>
            Task.FromResult(new Message { Text = $"{_lives.Begun}" });

        public void Dispose() => _lives.Ended++;
    }
}
