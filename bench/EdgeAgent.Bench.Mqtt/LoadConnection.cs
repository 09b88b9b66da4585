using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>
/// One publisher on a bare socket, MQTT 3.1.1. Its packets are made beforehand, one for each packet id of the window, and leave in blocks; since
/// acknowledgements come in order, a block's ids are free again when the window has room for it.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    /// <summary>The telemetry of FINDINGS.md's peers: JSON of 104 bytes.</summary>
    public const int PayloadLength = 104;

    public const string Topic = "plant/machine-1/temperature";

    private const int BlockCount = 16;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _window;
    private readonly byte[] _received = new byte[64 * 1024];
    private readonly byte[] _releases = new byte[64 * 1024];
    private readonly int _quality;
    private readonly int _blockSize;
    private readonly int _packetLength;
    private int _start;
    private int _end;

    public LoadConnection(int port, int quality, int inFlight, string clientId)
    {
        _quality = quality;
        _blockSize = inFlight / BlockCount;
        byte[] first = Packet(1);
        _packetLength = first.Length;
        _window = [.. Enumerable.Range(1, _blockSize * BlockCount).SelectMany(id => Packet((ushort)id))];
        _socket.Connect(IPAddress.Loopback, port);
        byte[] id = Encoding.ASCII.GetBytes(clientId);
        _socket.Send([0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 60, 0, (byte)id.Length, .. id]);
        ReadPacket();
    }

    public void Publish(int messages)
    {
        int sent = 0;
        int finished = 0;
        int block = 0;
        while (finished < messages)
        {
            while (sent < messages && (_quality == 0 || sent - finished <= _blockSize * (BlockCount - 1)))
            {
                int count = int.Min(_blockSize, messages - sent);
                Send(_window.AsSpan(block * _blockSize * _packetLength, count * _packetLength));
                sent += count;
                block = (block + 1) % BlockCount;
            }
            finished = _quality == 0 ? sent : finished + ReadAcknowledgements();
        }
        // An answer to this means that everything before has been read, which at QoS 0 nothing else says.
        _socket.Send([0xC0, 0]);
        while (ReadPacket() != 0xD0)
        {
        }
    }

    public void Dispose()
    {
        _socket.Send([0xE0, 0]);
        _socket.Dispose();
    }

    private byte[] Packet(ushort id)
    {
        byte[] topic = Encoding.ASCII.GetBytes(Topic);
        byte[] payload = new byte[PayloadLength];
        Encoding.ASCII.GetBytes("""{"time":1790000000000,"temperature":21.57,"humidity":41.2,"pressure":1013.25,"battery":3.01,"name":"m1"}""").AsSpan().CopyTo(payload);
        byte[] number = new byte[_quality == 0 ? 0 : 2];
        if (_quality > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(number, id);
        }
        int length = 2 + topic.Length + number.Length + payload.Length;
        // Above 127 the length takes two bytes.
        return [(byte)(0x30 | (_quality << 1)), (byte)(length | 0x80), (byte)(length >> 7), 0, (byte)topic.Length, .. topic, .. number, .. payload];
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Reads once, and returns how many messages that finishes. PUBREC is answered on the way.</summary>
    private int ReadAcknowledgements()
    {
        Fill();
        int finished = 0;
        int releases = 0;
        while (_end - _start >= 4)
        {
            ReadOnlySpan<byte> packet = _received.AsSpan(_start, 4);
            if (packet[0] == 0x50)
            {
                packet.CopyTo(_releases.AsSpan(releases));
                _releases[releases] = 0x62;
                releases += 4;
            }
            else
            {
                finished++;
            }
            _start += 4;
        }
        Send(_releases.AsSpan(0, releases));
        return finished;
    }

    private byte ReadPacket()
    {
        while (_end - _start < 2 || _end - _start < 2 + _received[_start + 1])
        {
            Fill();
        }
        byte first = _received[_start];
        _start += 2 + _received[_start + 1];
        return first;
    }

    private void Fill()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        int count = _socket.Receive(_received.AsSpan(_end));
        _end += count > 0 ? count : throw new EndOfStreamException("The server closed the connection.");
    }
}
