using EdgeAgent.Mqtt;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;

namespace MQTTnet.Internal;

/// <summary>What comes from the server, cut into packets. They are views of the receive buffer, valid until the next read.</summary>
internal sealed class PacketInput(Stream stream, uint maximumPacketSize) : IDisposable
{
    private readonly ReceiveBuffer _buffer = new();
    private readonly int _maximumLength = maximumPacketSize == 0 ? MqttFrame.MaximumLength : (int)uint.Min(maximumPacketSize, MqttFrame.MaximumLength);
    private int _taken;
    private int _expected;

    /// <summary>Reads once. False at the end of the stream.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => _buffer.ReadAsync(stream, _expected, cancellationToken);

    /// <summary>The next packet, and an end to the last one. False where more bytes are needed.</summary>
    public bool TryTake(out MqttFrame frame)
    {
        _buffer.Consume(_taken);
        _taken = 0;
        switch (MqttFrame.Read(_buffer.Unread, _maximumLength, out frame))
        {
            case MqttFrameResult.Complete:
                _taken = frame.Length;
                return true;
            case MqttFrameResult.Incomplete:
                _expected = frame.Length;
                return false;
            case MqttFrameResult.TooLarge:
                throw new ProtocolBreachException(MqttReasonCode.PacketTooLarge, $"The server sent a packet of more than {_maximumLength} bytes.");
            default:
                throw new ProtocolBreachException(MqttReasonCode.MalformedPacket, "The server sent bytes that are no packet.");
        }
    }

    public void Dispose() => _buffer.Dispose();
}
