using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Mqtt.Broker;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>While the time is not known, messages with a time of their own go into another record than those without: their ids are interleaved.</summary>
public sealed class InterleavedDeliveriesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_ids_of_messages_without_a_time_stay_sure_behind_those_with_one(bool isSaid)
    {
        var found = new LaneDeliveries(1_000);
        found.Add(Ids(isSaid, false, 1, 3, 5), Record());
        found.Add(Ids(false, false, 2, 4), Record());
        found.Add(Ids(isSaid, false, 7), Record());
        found.Add(Ids(false, false, 6, 8), Record());

        Assert.True(found.IsSure(6) && found.IsSure(8));
        // Without the word, the order that falls back is that of a broker that counts on from an older number.
        Assert.Equal((isSaid, isSaid), (found.IsSure(2), found.IsSure(4)));
        Assert.All(Enumerable.Range(1, 8), id => Assert.Single(found.Find((ushort)id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_between_two_records_is_one_also_where_another_record_lies_between(bool isSecondInterleaved)
    {
        var found = new LaneDeliveries(1_000);
        (RecordReadings first, RecordReadings second) = (Record(), Record());
        found.Add(Ids(true, true, 1, 3), first);
        found.Add(Ids(false, false, 2), Record());
        found.Add(Ids(isSecondInterleaved, false, 3, 4), second);

        Assert.Equal([first, second], found.Find(3));
        // Used again it is another message.
        found.Add(Ids(false, false, 3), Record());
        Assert.Single(found.Find(3));
    }

    private static RecordReadings Record() => new((_, _) => null);

    private static Deliveries Ids(bool isInterleaved, bool isContinued, params ushort[] ids)
    {
        var deliveries = new Deliveries { Session = 1, Interleaved = isInterleaved, Continued = isContinued };
        int last = 0;
        foreach (ushort id in ids)
        {
            deliveries.Runs.Add((uint)(id - last));
            deliveries.Runs.Add(0);
            last = id;
        }
        return deliveries;
    }
}
