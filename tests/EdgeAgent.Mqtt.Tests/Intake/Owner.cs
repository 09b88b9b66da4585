using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeAgent.Mqtt.Intake;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>The owner of an intake in tests: writes down what comes and settles it when the test says so.</summary>
internal sealed class Owner : IIntakeHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>();
    private readonly Channel<IntakeClosed> _closed = Channel.CreateUnbounded<IntakeClosed>();

    /// <summary>One message, copied, with its ticket.</summary>
    public sealed record Message(string Topic, string Payload, IntakePublish Publish)
    {
        public IntakeTicket Ticket => Publish.Ticket;
    }

    public Func<IntakeConnect, IntakeVerdict> Verdict { get; set; } = _ => IntakeVerdict.Admit;

    public bool AcceptsAtOnce { get; set; }

    /// <summary>Gets each message on its connection's own task, instead of <see cref="NextAsync"/>.</summary>
    public Action<Message>? Taking { get; set; }

    /// <summary>What a publish waits for before its task completes: the back-pressure.</summary>
    public Func<Message, CancellationToken, Task>? Hold { get; set; }

    public ConcurrentQueue<IntakeConnect> Connects { get; } = [];

    public ConcurrentQueue<(string ClientId, string Fault)> FailedWills { get; } = [];

    public int Waiting => _messages.Reader.Count;

    public IntakeVerdict Connecting(in IntakeConnect connect)
    {
        Connects.Enqueue(connect);
        return Verdict(connect);
    }

    public async ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken)
    {
        var message = new Message(Bytes.Text(publish.Topic), Bytes.Text(publish.Payload), publish);
        if (AcceptsAtOnce)
        {
            publish.Ticket.Accept();
        }
        if (Taking is not null)
        {
            Taking(message);
        }
        else
        {
            _messages.Writer.TryWrite(message);
        }
        if (Hold is not null)
        {
            await Hold(message, cancellationToken);
        }
    }

    public void WillFailed(string clientId, Exception fault) => FailedWills.Enqueue((clientId, fault.Message));

    public void Closed(in IntakeClosed closed) => _closed.Writer.TryWrite(closed);

    public async Task<Message> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(patience.Token);
    }

    public async Task<IntakeClosed> NextClosedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _closed.Reader.ReadAsync(patience.Token);
    }
}
