using System.Buffers;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>
/// The publishes of one connection that are not acknowledged yet, in the order of arrival. Owners settle them in any order; acknowledgements
/// must leave in the order in which the publishes came [MQTT-4.6.0-2, MQTT-4.6.0-3]. So the writer takes the run of settled slots at the head,
/// writes all of it at once, and stops at the first slot that is not settled.
/// <code>
/// head ≤ sequence &lt; tail: in flight.   slot of a sequence := slots[sequence mod slots.Length]
/// </code>
/// Memory: six bytes a slot, 16 slots at first, doubled up to the capacity when they do not suffice.
/// </summary>
internal sealed class AcknowledgementRing(MqttProtocolVersion version, int capacity, IntakeSession session, AsyncSignal wakeWriter, IntakeCounters counters)
{
    private readonly Lock _gate = new();
    private Slot[] _slots = new Slot[16];
    private uint _head;
    private uint _tail;
    private int _quality1Count;
    private bool _isCorked;

    private enum SlotState : byte
    {
        Pending,

        // The owner has spoken, and the session is being told; a second word of the owner's no longer counts.
        Settling,
        Settled,
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return (int)(_tail - _head);
            }
        }
    }

    /// <summary>How many of them are of QoS 1.</summary>
    public int Quality1Count
    {
        get
        {
            lock (_gate)
            {
                return _quality1Count;
            }
        }
    }

    /// <summary>Adds a publish at the tail; false where the capacity is reached.</summary>
    public bool TryBegin(ushort packetId, MqttQualityOfService quality, out uint sequence)
    {
        lock (_gate)
        {
            sequence = _tail;
            uint count = _tail - _head;
            if (count == (uint)capacity)
            {
                return false;
            }
            if (count == (uint)_slots.Length)
            {
                Grow();
            }
            At(sequence) = new Slot { PacketId = packetId, IsQuality2 = quality == MqttQualityOfService.ExactlyOnce };
            _quality1Count += At(sequence).IsQuality2 ? 0 : 1;
            _tail++;
            return true;
        }
    }

    /// <summary>The owner's word for a publish.</summary>
    public void Settle(uint sequence, Settlement settlement)
    {
        Slot slot;
        lock (_gate)
        {
            if (sequence - _head >= _tail - _head || At(sequence).State != SlotState.Pending)
            {
                return;
            }
            At(sequence).State = SlotState.Settling;
            slot = At(sequence);
        }
        counters.Settled(settlement);
        SettlementReply reply = settlement.ReplyIn(version);
        if (slot.IsQuality2)
        {
            // Before the PUBREC can leave, since the PUBREL that answers it must find the packet id. Not under the lock, since the session
            // may finish a slot of another ring, whose own thread may be here at the same time.
            session.Settled(slot.PacketId, settlement, reply);
        }
        Finish(sequence, settlement, reply);
    }

    /// <summary>Makes a slot ready to be acknowledged.</summary>
    public void Finish(uint sequence, Settlement settlement, SettlementReply reply)
    {
        bool wake;
        lock (_gate)
        {
            if (sequence - _head >= _tail - _head)
            {
                return;
            }
            ref Slot slot = ref At(sequence);
            slot.State = SlotState.Settled;
            slot.Reason = reply == SettlementReply.Negative ? settlement.Reason : MqttReasonCode.Success;
            slot.Closes = reply == SettlementReply.Close;
            wake = sequence == _head && !_isCorked;
        }
        if (wake)
        {
            wakeWriter.Set();
        }
    }

    /// <summary>
    /// While the reader works through bytes that have already come, acknowledgements gather, so that a handler that accepts at once costs one
    /// write for a buffer full of publishes. The reader uncorks before anything that waits.
    /// </summary>
    public void Cork()
    {
        lock (_gate)
        {
            _isCorked = true;
        }
    }

    /// <summary>Lets what has gathered go.</summary>
    public void Uncork()
    {
        bool wake;
        lock (_gate)
        {
            _isCorked = false;
            wake = _head != _tail && At(_head).State == SlotState.Settled;
        }
        if (wake)
        {
            wakeWriter.Set();
        }
    }

    /// <summary>
    /// Writes the acknowledgements of the settled run at the head, and frees their slots: before the bytes are on the wire, because the device
    /// may send its next publish as soon as they are.
    /// </summary>
    /// <returns>False where the run ends at a publish that closes the connection.</returns>
    public bool Drain(IBufferWriter<byte> output)
    {
        lock (_gate)
        {
            while (_head != _tail)
            {
                ref Slot slot = ref At(_head);
                if (slot.State != SlotState.Settled)
                {
                    return true;
                }
                if (slot.Closes)
                {
                    return false;
                }
                var acknowledge = new AcknowledgePacket
                {
                    Type = slot.IsQuality2 ? MqttPacketType.PubRec : MqttPacketType.PubAck,
                    PacketId = slot.PacketId,
                    Reason = slot.Reason,
                };
                acknowledge.Write(output, version);
                _quality1Count -= slot.IsQuality2 ? 0 : 1;
                _head++;
            }
            return true;
        }
    }

    private ref Slot At(uint sequence) => ref _slots[sequence & (uint)(_slots.Length - 1)];

    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[old.Length * 2];
        for (uint sequence = _head; sequence != _tail; sequence++)
        {
            At(sequence) = old[sequence & (uint)(old.Length - 1)];
        }
    }

    private struct Slot
    {
        public ushort PacketId;
        public MqttReasonCode Reason;
        public SlotState State;
        public bool IsQuality2;
        public bool Closes;
    }
}
