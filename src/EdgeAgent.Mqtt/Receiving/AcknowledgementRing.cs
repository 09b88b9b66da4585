using System.Buffers;
using EdgeAgent.Mqtt.Io;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Receiving;

/// <summary>
/// The publishes that were received on one connection and are not acknowledged yet, in the order of arrival. They are settled in any order;
/// acknowledgements must leave in the order in which the publishes came [MQTT-4.6.0-2, MQTT-4.6.0-3]. So the writer takes the run of settled
/// slots at the head, writes all of it at once, and stops at the first slot that is not settled.
/// <code>
/// head ≤ sequence &lt; tail: in flight.   slot of a sequence := slots[sequence mod slots.Length]
/// slot := pending ──TryClaim──▶ claimed ──Finish──▶ settled ──Drain──▶ free;   pending ──Finish──▶ settled
/// </code>
/// Memory: six bytes a slot, 16 slots at first, doubled up to the capacity when they do not suffice.
/// </summary>
internal sealed class AcknowledgementRing(MqttProtocolVersion version, int capacity, AsyncSignal wakeWriter)
{
    private readonly Lock _gate = new();
    private Slot[] _slots = new Slot[16];
    private uint _head;
    private uint _tail;
    private bool _isCorked;

    private enum SlotState : byte
    {
        Pending,

        // Somebody has the right to finish it; a second word no longer counts.
        Claimed,
        Settled,
    }

    public MqttProtocolVersion Version => version;

    /// <summary>How many are in flight.</summary>
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
            _tail++;
            return true;
        }
    }

    /// <summary>Gives the right to settle a publish to the first who asks.</summary>
    public bool TryClaim(uint sequence, out ushort packetId, out bool isQuality2)
    {
        lock (_gate)
        {
            bool isClaimed = IsInFlight(sequence) && At(sequence).State == SlotState.Pending;
            Slot slot = default;
            if (isClaimed)
            {
                At(sequence).State = SlotState.Claimed;
                slot = At(sequence);
            }
            packetId = slot.PacketId;
            isQuality2 = slot.IsQuality2;
            return isClaimed;
        }
    }

    /// <summary>Makes a slot ready to be answered; does nothing where it has been drained already.</summary>
    public void Finish(uint sequence, Answer answer)
    {
        bool wake;
        lock (_gate)
        {
            if (!IsInFlight(sequence))
            {
                return;
            }
            ref Slot slot = ref At(sequence);
            slot.State = SlotState.Settled;
            slot.Answer = answer;
            wake = sequence == _head && !_isCorked;
        }
        if (wake)
        {
            wakeWriter.Set();
        }
    }

    /// <summary>
    /// While the reader works through bytes that have already come, acknowledgements gather, so that publishes that are accepted at once cost one
    /// write for a buffer full of them. The reader uncorks before anything that waits.
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
    /// Writes the acknowledgements of the settled run at the head, and frees their slots: before the bytes are on the wire, because the other
    /// side may send its next publish as soon as they are.
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
                switch (slot.Answer.Kind)
                {
                    case AnswerKind.Close:
                        return false;
                    case AnswerKind.Positive or AnswerKind.Negative:
                        var acknowledge = new AcknowledgePacket
                        {
                            Type = slot.IsQuality2 ? MqttPacketType.PubRec : MqttPacketType.PubAck,
                            PacketId = slot.PacketId,
                            Reason = slot.Answer.Reason,
                        };
                        acknowledge.Write(output, version);
                        break;
                }
                _head++;
            }
            return true;
        }
    }

    private bool IsInFlight(uint sequence) => sequence - _head < _tail - _head;

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
        public Answer Answer;
        public SlotState State;
        public bool IsQuality2;
    }
}
