using System.Threading.Channels;

namespace MQTTnet.Polyfill.Tests;

/// <summary>How a client's connections ended, one after the other.</summary>
internal sealed class Endings
{
    private readonly Channel<MqttClientDisconnectedEventArgs> _ended = System.Threading.Channels.Channel.CreateUnbounded<MqttClientDisconnectedEventArgs>();

    public Endings(IMqttClient client) => client.DisconnectedAsync += ended =>
    {
        _ended.Writer.TryWrite(ended);
        return Task.CompletedTask;
    };

    public Task<MqttClientDisconnectedEventArgs> NextAsync() => _ended.Reader.ReadAsync().AsTask().InTime();
}
