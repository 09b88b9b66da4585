using Grpc.Core;
using Grpc.Net.Client;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>An honest client on a connection of its own, which chats again and again while others misbehave.</summary>
internal sealed class Bystander
{
    private readonly TaskCompletionSource _stop = new();
    private readonly GrpcChannel _channel;
    private readonly Task<int> _calling;

    public Bystander(EchoServer server)
    {
        _channel = server.Channel();
        _calling = CallAsync(new Echo.EchoClient(_channel));
    }

    /// <summary>Ends the calls. Fails where one of them failed or took longer than a server that is unharmed may take.</summary>
    public async Task ExpectUnharmedAsync()
    {
        _stop.SetResult();
        Assert.InRange(await _calling, 1, int.MaxValue);
    }

    private async Task<int> CallAsync(Echo.EchoClient client)
    {
        int calls = 0;
        do
        {
            using AsyncDuplexStreamingCall<Message, Message> call = client.Chat(deadline: DateTime.UtcNow.AddSeconds(5));
            await call.RequestStream.WriteAsync(new Message());
            await call.RequestStream.CompleteAsync();
            calls += await call.ResponseStream.ReadAllAsync().CountAsync();
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20)), _stop.Task);
        }
        while (!_stop.Task.IsCompleted);
        return calls;
    }
}
