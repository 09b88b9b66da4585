using System.Threading.Channels;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// Publishes what devices have left to be said when they are lost. A will without a delay is published by its connection's own task; one with a
/// delay is held by the session, and goes through the queue here when its time has come.
/// <code>
/// TryHold ──▶ held ──device came back, Cancel──▶ gone
///               └────delay over or session ended, Release──▶ queued ──▶ with the owner ──▶ gone
/// </code>
/// Bounded: held and queued ones together are at most <see cref="IntakeOptions.MaximumDelayedWills"/>.
/// </summary>
internal sealed class IntakeWills(IIntakeHandler handler, IntakeCounters counters, int maximum, CancellationToken givingUp)
{
    private readonly Channel<(string ClientId, MqttWill Will)> _due =
        Channel.CreateUnbounded<(string, MqttWill)>(new UnboundedChannelOptions { SingleReader = true });

    private int _held;

    /// <summary>Takes a place for a will; false where all are taken.</summary>
    public bool TryHold()
    {
        if (Interlocked.Increment(ref _held) <= maximum)
        {
            return true;
        }
        Interlocked.Decrement(ref _held);
        return false;
    }

    /// <summary>A will that was held will not be published.</summary>
    public void Cancel() => Interlocked.Decrement(ref _held);

    /// <summary>A will that was held is to be published now.</summary>
    public void Release(string clientId, in MqttWill will) => _due.Writer.TryWrite((clientId, will));

    /// <summary>No more will be released.</summary>
    public void Complete() => _due.Writer.TryComplete();

    /// <summary>Publishes what is released, one after the other, until completed.</summary>
    public async Task RunAsync()
    {
        await foreach ((string clientId, MqttWill will) in _due.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await PublishAsync(clientId, will).ConfigureAwait(false);
            Interlocked.Decrement(ref _held);
        }
    }

    /// <summary>Hands a will to the owner, at once.</summary>
    public async Task PublishAsync(string clientId, MqttWill will)
    {
        counters.Published(will.Payload.Length);
        try
        {
            await handler.PublishedAsync(
                new IntakePublish
                {
                    Topic = will.Topic,
                    Payload = will.Payload,
                    Quality = will.Quality,
                    Retain = will.Retain,
                    IsWill = true,
                    ClientId = clientId,
                    Properties = will.Properties,
                },
                givingUp).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The handler is not ours: whatever it throws costs this will and no other.
            handler.WillFailed(clientId, fault);
        }
    }
}
