namespace MQTTnet.Internal;

/// <summary>
/// What a client must remember between two connections of one session (5.0, section 4.1), as long as the client object lives. It is forgotten
/// when the server has forgotten the session.
/// </summary>
internal sealed class ClientSession
{
    /// <summary>QoS 2 from the server to here.</summary>
    public HandedOver Incoming { get; } = new();

    /// <summary>QoS 2 from here to the server.</summary>
    public InterruptedPublishes Outgoing { get; } = new();

    /// <summary>A connection stands. Returns the ids to be released on it.</summary>
    public IReadOnlyList<ushort> Resume(bool isPresent)
    {
        if (!isPresent)
        {
            Incoming.Forget();
            Outgoing.Forget();
        }
        return Outgoing.Resume();
    }
}
