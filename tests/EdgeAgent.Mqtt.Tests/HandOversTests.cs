using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Receiving;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

public sealed class HandOversTests
{
    [Fact]
    public void The_last_packet_of_a_displaced_connection_does_not_take_the_answer_away_from_its_successor()
    {
        var handOvers = new HandOvers();
        AcknowledgementRing displaced = Ring();
        AcknowledgementRing successor = Ring();
        Assert.Equal(HandOvers.Arrival.New, handOvers.Arrive(5, 0, displaced, Begin(displaced)));
        int epoch = handOvers.Resume();
        Assert.Equal(HandOvers.Arrival.StillPending, handOvers.Arrive(5, epoch, successor, Begin(successor)));
        Assert.Equal(HandOvers.Arrival.StillPending, handOvers.Arrive(5, 0, displaced, Begin(displaced)));
        // Nor does it begin anything.
        Assert.Equal(HandOvers.Arrival.StillPending, handOvers.Arrive(6, 0, displaced, Begin(displaced)));
        handOvers.Settled(5, Answer.Accepted);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(successor.Drain(output));
        Assert.Equal("50020005", Convert.ToHexString(output.WrittenSpan));
        Assert.Equal(1, handOvers.Count);
    }

    [Fact]
    public void Ids_of_earlier_connections_count_when_they_come_again_and_not_before()
    {
        var handOvers = new HandOvers();
        AcknowledgementRing ring = Ring();
        for (ushort id = 1; id <= 4; id++)
        {
            handOvers.Arrive(id, 0, ring, Begin(ring));
        }
        handOvers.Settled(1, Answer.Accepted);
        handOvers.Settled(2, Answer.Accepted);
        Assert.Equal(4, handOvers.Count);
        int epoch = handOvers.Resume();
        Assert.Equal(0, handOvers.Count);
        Assert.Equal(HandOvers.Arrival.AlreadyReceived, handOvers.Arrive(1, epoch, ring, 0));
        Assert.Equal(HandOvers.Arrival.StillPending, handOvers.Arrive(3, epoch, ring, 1));
        Assert.Equal(2, handOvers.Count);
        // What is released, settled or refused leaves no trace, of whichever connection it was.
        Assert.True(handOvers.Release(2));
        Assert.True(handOvers.Release(1));
        handOvers.Settled(3, Answer.Of(MqttReasonCode.QuotaExceeded));
        handOvers.Settled(4, new Answer(AnswerKind.Close));
        Assert.Equal(0, handOvers.Count);
        Assert.False(handOvers.Release(3));
    }

    private static AcknowledgementRing Ring() => new(V311, 16, new AsyncSignal());

    private static uint Begin(AcknowledgementRing ring)
    {
        Assert.True(ring.TryBegin(5, MqttQualityOfService.ExactlyOnce, out uint sequence));
        return sequence;
    }
}
