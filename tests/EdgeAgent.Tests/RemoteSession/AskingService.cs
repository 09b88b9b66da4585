using System.Threading.Channels;
using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Tests.RemoteSession;

/// <summary>The service's end of sessions, which asks what a test says.</summary>
internal sealed class AskingService : Remote.RemoteBase
{
    private readonly Channel<ServiceMessage> _questions = Channel.CreateUnbounded<ServiceMessage>();
    private readonly Channel<RemoteAnswer> _answers = Channel.CreateUnbounded<RemoteAnswer>();
    private readonly Channel<SessionHello> _hellos = Channel.CreateUnbounded<SessionHello>();
    private int _open;
    private int _sessions;

    private static CancellationToken Patience => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    /// <summary>What the next sessions end with at once; null: they are let in.</summary>
    public Status? Refusal { get; set; }

    public int Sessions => Volatile.Read(ref _sessions);

    public int Open => Volatile.Read(ref _open);

    public void Ask(RemoteRequest request) => _questions.Writer.TryWrite(new ServiceMessage { Request = request });

    public void Say(ServiceMessage message) => _questions.Writer.TryWrite(message);

    public async Task<RemoteAnswer> AnswerAsync() => await _answers.Reader.ReadAsync(Patience);

    public async Task<SessionHello> HelloAsync() => await _hellos.Reader.ReadAsync(Patience);

    public override async Task Session(
        IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<ServiceMessage> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref _sessions);
        if (Refusal is { } refusal)
        {
            throw new RpcException(refusal);
        }
        await requestStream.MoveNext(context.CancellationToken);
        Interlocked.Increment(ref _open);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        try
        {
            _hellos.Writer.TryWrite(requestStream.Current.Hello);
            await context.WriteResponseHeadersAsync(new Metadata { { "edge-session", "1" } });
            Task asking = AskAsync(responseStream, over.Token);
            while (await requestStream.MoveNext(over.Token))
            {
                _answers.Writer.TryWrite(requestStream.Current.Answer);
            }
            await over.CancelAsync();
            await asking;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task AskAsync(IServerStreamWriter<ServiceMessage> device, CancellationToken over)
    {
        try
        {
            while (await _questions.Reader.WaitToReadAsync(over))
            {
                while (_questions.Reader.TryRead(out ServiceMessage? message))
                {
                    await device.WriteAsync(message, over);
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The device has ended it.
        }
    }
}
