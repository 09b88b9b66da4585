using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Torture.Kill;

/// <summary>Cuts a stream of bytes, which comes in pieces of any size, into MQTT packets.</summary>
internal sealed class PacketCutter
{
    private byte[] _bytes = new byte[256 * 1024];
    private int _length;

    public void Cut(ReadOnlyMemory<byte> more, Action<MqttFrame> packet)
    {
        if (_length + more.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * (_length + more.Length));
        }
        more.Span.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
        int at = 0;
        MqttFrameResult result;
        while ((result = MqttFrame.Read(_bytes.AsMemory(at, _length - at), MqttFrame.MaximumLength, out MqttFrame frame)) == MqttFrameResult.Complete)
        {
            packet(frame);
            at += frame.Length;
        }
        if (result != MqttFrameResult.Incomplete)
        {
            throw new InvalidOperationException($"What passes the tap is not MQTT: {result}.");
        }
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes);
        _length -= at;
    }
}
