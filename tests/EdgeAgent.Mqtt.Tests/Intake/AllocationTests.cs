using System.Net.Sockets;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Mqtt.Packets;
using Xunit.Abstractions;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>Alone in the process while it runs, since it counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTestsAlone;

[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Batch = 500;
    private const int Batches = 200;
    private const int Rounds = 4;

    [Theory]
    [InlineData(V311, MqttQualityOfService.AtMostOnce)]
    [InlineData(V311, MqttQualityOfService.AtLeastOnce)]
    [InlineData(V500, MqttQualityOfService.AtLeastOnce)]
    [InlineData(V500, MqttQualityOfService.ExactlyOnce)]
    public async Task A_message_costs_no_allocation_from_the_socket_to_its_acknowledgement(MqttProtocolVersion version, MqttQualityOfService quality)
    {
        await using var listener = new IntakeListener(new IntakeOptions { EndPoint = TestIntake.AnyPort }, new Acceptor(), TimeProvider.System);
        listener.Start();
        using var device = new Device(listener.LocalEndPoint, version);
        await device.ConnectAsync("device");
        byte[] publishes = [];
        byte[] releases = [];
        for (ushort id = 1; id <= Batch; id++)
        {
            publishes = [.. publishes, .. Of(new PublishPacket { Topic = Utf8("plant/7/temperature"), PacketId = id, Quality = quality, Payload = new byte[100] }, version)];
            releases = [.. releases, .. Of(new AcknowledgePacket { Type = MqttPacketType.PubRel, PacketId = id }, version)];
        }
        byte[] answers = new byte[64 * 1024];
        double perMessage = double.MaxValue;
        // The first round warms up: pools, tiers, buffers that grow once. Of the others the least counts: a busy machine cuts what is sent into more
        // reads, each of which costs a debug build a few objects, and what a message costs is in every round.
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int batch = 0; batch < Batches; batch++)
            {
                Exchange(device.Socket, publishes, quality == MqttQualityOfService.AtMostOnce ? 0 : Batch * 4, answers);
                if (quality == MqttQualityOfService.ExactlyOnce)
                {
                    Exchange(device.Socket, releases, Batch * 4, answers);
                }
            }
            await device.PingAsync();
            double ofRound = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Batch * Batches);
            perMessage = round == 0 ? perMessage : Math.Min(perMessage, ofRound);
        }
        output.WriteLine($"{perMessage:F3} B a message");
        // A copied payload alone would be 100. What is left is a debug build's, which makes an object of every asynchronous call: a few for each
        // read of some hundred messages. A release build is at a byte or so, which is the runtime's.
        Assert.InRange(perMessage, 0, 15);
        Assert.Equal(Rounds * Batch * Batches, listener.Counters.Publishes);
    }

    private static void Exchange(Socket socket, byte[] bytes, int answerLength, byte[] answers)
    {
        socket.Send(bytes);
        while (answerLength > 0)
        {
            answerLength -= socket.Receive(answers, int.Min(answerLength, answers.Length), SocketFlags.None);
        }
    }

    private sealed class Acceptor : IIntakeHandler
    {
        public IntakeVerdict Connecting(in IntakeConnect connect) => IntakeVerdict.Admit;

        public ValueTask PublishedAsync(IntakePublish publish, CancellationToken cancellationToken)
        {
            publish.Ticket.Accept();
            return ValueTask.CompletedTask;
        }
    }
}
