namespace EdgeAgent.Readings;

/// <summary>
/// What a message is called by whoever sends it again after a restart of this process. It travels with each of its readings into the
/// record that holds them, so that a later process knows which messages it has already.
/// </summary>
/// <param name="Session">Tells the sessions of several brokers apart.</param>
/// <param name="PacketId">MQTT's packet id, never 0; 0 where there is no such name.</param>
/// <param name="IsKept">Whoever sent the message keeps it until it is acknowledged: it is not lost with its readings.</param>
internal readonly record struct DeliveryMark(uint Session, ushort PacketId, bool IsKept = true)
{
    public bool IsNone => PacketId == 0;
}
