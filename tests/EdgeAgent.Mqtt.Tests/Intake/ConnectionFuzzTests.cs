using System.Net.Sockets;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Testing;
using Xunit.Abstractions;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>Broken packets through a live connection, in pieces, to an owner that does all that an owner may do, while a sound device goes on publishing.</summary>
public sealed class ConnectionFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whatever_a_device_says_its_connection_ends_by_a_named_cause_and_nobody_else_notices()
    {
        var owner = new Whimsical();
        await using var listener = new IntakeListener(
            new IntakeOptions { EndPoint = TestIntake.AnyPort, MaximumPacketSize = 64 * 1024, MaximumBufferedBytes = 256 * 1024, MaximumSessions = 1024 },
            owner,
            TimeProvider.System);
        listener.Start();
        using var sound = new Device(listener.LocalEndPoint, V500);
        await sound.ConnectAsync("sound");

        int rounds = await Fuzz.RunAsync(TimeSpan.FromSeconds(4), async mutator =>
        {
            MqttProtocolVersion version = mutator.OneIn(2) ? V311 : V500;
            byte[] bytes = Compose(mutator, version);
            owner.Whims = mutator.Random.Next();
            byte[] answers = await TalkAsync(listener, mutator, bytes);
            AssertPackets(answers);
            sound.Publish(1, "sound");
            await sound.ReceiveAcknowledgeAsync(MqttPacketType.PubAck);
        });

        await Eventually.TrueAsync(() => listener.Counters.ConnectionsOpen == 1, Patience, () => $"{listener.Counters.ConnectionsOpen} connections are open");
        // The sound device's own is small.
        Assert.Equal(0, listener.BufferedBytes);
        Assert.Equal(0, listener.Counters.Closed(IntakeCloseCause.Faulted));
        output.WriteLine(
            $"{rounds} rounds, {listener.Counters.Publishes} publishes: " + string.Join(", ", Enum.GetValues<IntakeCloseCause>().Select(cause => $"{cause} {listener.Counters.Closed(cause)}")));
    }

    private static byte[] Compose(Mutator mutator, MqttProtocolVersion version)
    {
        byte[][] samples = [.. SamplePackets.Of(version)];
        byte[][] sounds = [.. samples.Where(packet => (MqttPacketType)(packet[0] >> 4)
            is MqttPacketType.Publish or MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe or MqttPacketType.PingReq)];
        IEnumerable<byte> bytes = mutator.OneIn(10) ? [] : Of(new ConnectPacket { Version = version, CleanStart = mutator.OneIn(2), ClientId = Utf8($"c{mutator.Random.Next(8)}") });
        for (int packets = mutator.Random.Next(1, 12); packets > 0; packets--)
        {
            // Most are sound and of the kind that devices send, so that a broken one comes into the midst of something.
            bool isSound = !mutator.OneIn(8);
            byte[] packet = mutator.Pick(isSound ? sounds : samples);
            if (isSound && mutator.OneIn(2))
            {
                packet = Of(
                    new PublishPacket
                    {
                        Topic = Utf8("t"),
                        PacketId = (ushort)mutator.Random.Next(1, 4),
                        Quality = (MqttQualityOfService)mutator.Random.Next(1, 3),
                        Duplicate = mutator.OneIn(3),
                        Payload = new byte[mutator.OneIn(10) ? 30_000 : 10],
                    },
                    version);
            }
            bytes = bytes.Concat(isSound ? packet : mutator.Mutate(packet));
        }
        return [.. bytes];
    }

    /// <summary>Says it all, closes its side, and hears the intake out.</summary>
    private static async Task<byte[]> TalkAsync(IntakeListener listener, Mutator mutator, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(listener.LocalEndPoint);
        using var patience = new CancellationTokenSource(Patience);
        var answers = new List<byte>();
        byte[] buffer = new byte[4096];
        try
        {
            foreach (ReadOnlyMemory<byte> piece in mutator.Split(bytes).Take(200))
            {
                await socket.SendAsync(piece, patience.Token);
            }
            if (mutator.OneIn(10))
            {
                // Gone without a word.
                return [];
            }
            socket.Shutdown(SocketShutdown.Send);
            int read;
            while ((read = await socket.ReceiveAsync(buffer, patience.Token)) > 0)
            {
                answers.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // Closed by the intake while there was still something to say.
        }
        return [.. answers];
    }

    /// <summary>The intake's own words are whole packets of the version that its CONNACK is in.</summary>
    private static void AssertPackets(byte[] answers)
    {
        ReadOnlyMemory<byte> rest = answers;
        MqttProtocolVersion version = answers is [0x20, 2, ..] ? V311 : V500;
        while (!rest.IsEmpty)
        {
            Assert.Equal(MqttFrameResult.Complete, MqttFrame.Read(rest, MqttFrame.MaximumLength, out MqttFrame frame));
            Assert.Equal(MqttReadError.None, Meaning.Of(frame, version, out _, out _));
            rest = rest[frame.Length..];
        }
    }

    /// <summary>Accepts, refuses, gives back, waits and forgets, as a number says. Whoever is "sound" is always accepted.</summary>
    private sealed class Whimsical : IIntakeHandler
    {
        public int Whims { get; set; }

        public IntakeVerdict Connecting(in IntakeConnect connect) =>
            connect.ClientId != "sound" && Whims % 13 == 0 ? IntakeVerdict.NotAuthorized : IntakeVerdict.Admit;

        public async ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken)
        {
            Assert.True(TopicName.IsValid(publish.Topic.Span));
            if (publish.ClientId == "sound")
            {
                publish.Ticket.Accept();
                return;
            }
            Whims = unchecked((Whims * 31) + publish.Payload.Length + 7);
            if (Whims % 5 == 0)
            {
                await Task.Yield();
            }
            switch ((uint)Whims % 16)
            {
                case 0:
                    publish.Ticket.Return();
                    break;
                case 1:
                    break;
                case 2 or 3:
                    publish.Ticket.Refuse((IntakeRefusal)((uint)Whims % (uint)Enum.GetValues<IntakeRefusal>().Length));
                    break;
                default:
                    publish.Ticket.Accept();
                    break;
            }
        }
    }
}
