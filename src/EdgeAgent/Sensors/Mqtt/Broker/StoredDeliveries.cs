using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>
/// The messages that an earlier run of this process made durable, as far as the broker may not have learnt of it: it sends those again, as
/// duplicates under their old packet ids, and their readings are not to be stored twice.
/// A reading is left out only where the record that names the message's id holds just that reading. So an id that means another message by
/// now does no harm: what is not in the record is taken. Where the readings carry no time of their own, equal ones cannot be told apart;
/// then the id alone must be sure, see <see cref="LaneDeliveries.IsSure"/>. A reading twice is better than one lost.
/// </summary>
internal sealed class StoredDeliveries(LaneDeliveries alarm, LaneDeliveries live, SeriesCatalog catalog)
{
    /// <summary>Of no use any more, or never of any.</summary>
    public bool IsEmpty { get; private set; } = alarm.Count == 0 && live.Count == 0;

    /// <summary>Takes out the readings that are stored already.</summary>
    /// <returns>Those that are left, in the same buffer.</returns>
    public MessageReadings LeaveOut(ushort packetId, bool isDuplicate, MessageReadings readings)
    {
        if (IsEmpty)
        {
            return readings;
        }
        if (!isDuplicate)
        {
            // From now on the id means this message.
            alarm.Forget(packetId);
            live.Forget(packetId);
            return readings;
        }
        int left = 0;
        for (int i = 0; i < readings.Count; i++)
        {
            Reading reading = readings.Buffer[i];
            if (!IsStored(packetId, reading, readings.AreStamped))
            {
                readings.Buffer[left++] = reading;
            }
        }
        return readings with { Count = left };
    }

    /// <summary>The broker has no session for us: packet ids begin anew.</summary>
    public void SessionLost() => IsEmpty = true;

    private bool IsStored(ushort packetId, in Reading reading, bool isStamped)
    {
        Series series = catalog.TargetOf(reading.Series);
        // As the batcher stored it.
        Reading stored = series.Rule.Calibrate(reading, series.Definition.Kind, out _);
        StoredValue value = RecordReadings.Value(series.Definition.Name, stored.Number, stored.Text, stored.Quality);
        // What crossed a threshold went by the alarm lane, whatever the lane of its series.
        return IsStored(alarm, packetId, value, reading, isStamped)
            || (series.Lane != SpoolLane.Alarm && IsStored(live, packetId, value, reading, isStamped));
    }

    private static bool IsStored(LaneDeliveries lane, ushort packetId, in StoredValue value, in Reading reading, bool isStamped)
    {
        foreach (RecordReadings record in lane.Find(packetId))
        {
            if (isStamped ? record.Contains(value, reading.UnixNanoseconds) : lane.IsSure(packetId) && record.Contains(value))
            {
                return true;
            }
        }
        return false;
    }
}
