using Grpc.Core;

namespace Grpc.Polyfill.Tests;

/// <summary>What a test wants the service to do; echoes where it says nothing.</summary>
public sealed class EchoBehaviour
{
    public Func<Message, ServerCallContext, Task<Message>> Say { get; set; } = (message, _) => Task.FromResult(message);

    public Func<IAsyncStreamReader<Message>, ServerCallContext, Task<Summary>> Collect { get; set; } = async (messages, _) =>
    {
        var summary = new Summary();
        await foreach (Message message in messages.ReadAllAsync())
        {
            summary.Messages++;
            summary.Bytes += message.Data.Length;
        }
        return summary;
    };

    public Func<RepeatRequest, IServerStreamWriter<Message>, ServerCallContext, Task> Repeat { get; set; } =
        async (request, responses, _) =>
        {
            for (int i = 0; i < request.Times; i++)
            {
                await responses.WriteAsync(request.Message);
            }
        };

    public Func<IAsyncStreamReader<Message>, IServerStreamWriter<Message>, ServerCallContext, Task> Chat { get; set; } =
        async (messages, responses, _) =>
        {
            await foreach (Message message in messages.ReadAllAsync())
            {
                await responses.WriteAsync(message);
            }
        };
}

/// <summary>Derived from stock generated code, as product services are.</summary>
public sealed class EchoService(EchoBehaviour behaviour) : Echo.EchoBase
{
    public override Task<Message> Say(Message request, ServerCallContext context) => behaviour.Say(request, context);

    public override Task<Summary> Collect(IAsyncStreamReader<Message> requestStream, ServerCallContext context) =>
        behaviour.Collect(requestStream, context);

    public override Task Repeat(RepeatRequest request, IServerStreamWriter<Message> responseStream, ServerCallContext context) =>
        behaviour.Repeat(request, responseStream, context);

    public override Task Chat(
        IAsyncStreamReader<Message> requestStream, IServerStreamWriter<Message> responseStream, ServerCallContext context) =>
        behaviour.Chat(requestStream, responseStream, context);
}
