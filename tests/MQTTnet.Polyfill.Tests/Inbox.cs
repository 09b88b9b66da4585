using System.Threading.Channels;

namespace MQTTnet.Polyfill.Tests;

/// <summary>Takes what a client receives, without acknowledging where that is wished.</summary>
internal sealed class Inbox
{
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> _arrived =
        System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>();

    public Inbox(IMqttClient client, bool autoAcknowledge = true) => client.ApplicationMessageReceivedAsync += received =>
    {
        received.AutoAcknowledge = autoAcknowledge;
        _arrived.Writer.TryWrite(received);
        return Task.CompletedTask;
    };

    public Task<MqttApplicationMessageReceivedEventArgs> NextAsync() => _arrived.Reader.ReadAsync().AsTask().InTime();

    public async Task<List<MqttApplicationMessageReceivedEventArgs>> NextAsync(int count)
    {
        var messages = new List<MqttApplicationMessageReceivedEventArgs>();
        while (messages.Count < count)
        {
            messages.Add(await NextAsync());
        }
        return messages;
    }

    public int Count => _arrived.Reader.Count;

    public bool IsEmpty => _arrived.Reader.Count == 0;
}
