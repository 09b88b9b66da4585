using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Client_interceptors_see_all_kinds_of_call_the_first_outermost()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var seen = new List<string>();
        CallInvoker invoker = server.Channel().Intercept(new ClientWitness("outer", seen), new ClientWitness("inner", seen));
        var client = new Echo.EchoClient(invoker);

        await client.SayAsync(new Message());
        client.Say(new Message());
        using AsyncClientStreamingCall<Message, Summary> collect = client.Collect();
        using AsyncServerStreamingCall<Message> repeat = client.Repeat(new RepeatRequest());
        using AsyncDuplexStreamingCall<Message, Message> chat = client.Chat();

        Assert.Equal(
            [
                "outer Say", "inner Say", "outer Say", "inner Say", "outer Collect", "inner Collect",
                "outer Repeat", "inner Repeat", "outer Chat", "inner Chat",
            ],
            seen);
    }

    [Fact]
    public async Task A_function_can_add_headers_to_all_calls()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, context) => Task.FromResult(new Message { Text = context.RequestHeaders.GetValue("added") ?? "" });
        var client = new Echo.EchoClient(server.Channel().Intercept(headers => [.. headers, new Metadata.Entry("added", "yes")]));

        Assert.Equal("yes", (await client.SayAsync(new Message())).Text);
    }

    [Fact]
    public async Task Server_interceptors_stand_in_front_of_all_kinds_of_handler_the_first_outermost()
    {
        var seen = new List<string>();
        await using EchoServer server = await EchoServer.StartAsync(options =>
        {
            options.Interceptors.Add<ServerWitness>("outer", seen);
            options.Interceptors.Add<ServerWitness>("inner", seen);
        });

        await server.Client.SayAsync(new Message());
        using AsyncClientStreamingCall<Message, Summary> collect = server.Client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using AsyncServerStreamingCall<Message> repeat = server.Client.Repeat(new RepeatRequest());
        Assert.False(await repeat.ResponseStream.MoveNext());
        using AsyncDuplexStreamingCall<Message, Message> chat = server.Client.Chat();
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());

        Assert.Equal(
            [
                "outer Unary", "inner Unary", "outer ClientStreaming", "inner ClientStreaming",
                "outer ServerStreaming", "inner ServerStreaming", "outer DuplexStreaming", "inner DuplexStreaming",
            ],
            seen);
    }

    [Fact]
    public async Task A_client_interceptor_can_change_request_and_response_and_call_again()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        int calls = 0;
        server.Behaviour.Say = (message, _) => ++calls == 1
            ? throw new RpcException(new Status(StatusCode.Unavailable, "once"))
            : Task.FromResult(message);
        var client = new Echo.EchoClient(server.Channel().Intercept(new Repeater()));

        Assert.Equal("hello, again", (await client.SayAsync(new Message { Text = "hello" })).Text);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_server_interceptor_can_answer_in_the_place_of_the_handler()
    {
        await using EchoServer server = await EchoServer.StartAsync(options => options.Interceptors.Add<Doorkeeper>());
        int handled = 0;
        server.Behaviour.Collect = (_, _) =>
        {
            handled++;
            return Task.FromResult(new Summary());
        };
        using AsyncClientStreamingCall<Message, Summary> stranger = server.Client.Collect();
        using AsyncClientStreamingCall<Message, Summary> guest = server.Client.Collect(new Metadata { { "invited", "yes" } });

        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await stranger);
        await guest;

        Assert.Equal(new Status(StatusCode.PermissionDenied, "by invitation"), failure.Status);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task Call_credentials_of_channel_and_call_become_headers()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        server.Behaviour.Say = (_, context) => Task.FromResult(new Message
        {
            Text = $"{context.RequestHeaders.GetValue("channel-token")} {context.RequestHeaders.GetValue("call-token")}",
        });
        string? asked = null;
        CallCredentials ofChannel = CallCredentials.FromInterceptor((context, headers) =>
        {
            asked = $"{context.ServiceUrl} {context.MethodName}";
            headers.Add("channel-token", "a");
            return Task.CompletedTask;
        });
        CallCredentials ofCall = CallCredentials.FromInterceptor((_, headers) =>
        {
            headers.Add("call-token", "b");
            return Task.CompletedTask;
        });
        GrpcChannel channel = server.Channel(
            options => options.Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, ofChannel));

        Message response = await new Echo.EchoClient(channel).SayAsync(new Message(), new CallOptions(credentials: ofCall));

        Assert.Equal("a b", response.Text);
        Assert.Equal($"{server.Address}grpc_polyfill.tests.Echo Say", asked);
    }

    [Fact]
    public void Credentials_that_do_not_fit_the_address_are_refused()
    {
        Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("https://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }));
        Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
    }

    private sealed class Repeater : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            AsyncUnaryCall<TResponse> first = continuation(request, context);
            return new AsyncUnaryCall<TResponse>(
                ResponseAsync(), first.ResponseHeadersAsync, first.GetStatus, first.GetTrailers, first.Dispose);

            async Task<TResponse> ResponseAsync()
            {
                try
                {
                    return await first;
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
                {
                    ((Message)(object)request).Text += ", again";
                    return await continuation(request, context);
                }
            }
        }
    }

    public sealed class Doorkeeper : Interceptor
    {
        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation) => context.RequestHeaders.GetValue("invited") is null
                ? throw new RpcException(new Status(StatusCode.PermissionDenied, "by invitation"))
                : continuation(requestStream, context);
    }

    private sealed class ClientWitness(string name, List<string> seen) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} {context.Method.Name}");
            return continuation(context);
        }
    }

    public sealed class ServerWitness(string name, List<string> seen) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Unary");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} ClientStreaming");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} ServerStreaming");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} DuplexStreaming");
            return continuation(requestStream, responseStream, context);
        }
    }
}
