namespace EdgeAgent.Readings;

/// <summary>
/// Somebody who waits for durability, such as an MQTT publisher that has not been acknowledged yet. A value, so that no
/// message costs an object: the token tells the source which of its messages is meant.
/// </summary>
internal readonly record struct Delivery(IDeliverySource? Source, long Token)
{
    public bool IsAwaited => Source is not null;

    /// <summary>What the readings of the message carry; empty where nobody waits.</summary>
    public DeliveryMark Mark => Source?.MarkOf(Token) ?? default;

    /// <summary>Everything up to and including the reading that carried this delivery is durable.</summary>
    public void Committed() => Source?.Committed(Token);

    /// <summary>The readings could not be made durable; they are not in the spool and the source should keep or refuse the message.</summary>
    public void Failed() => Source?.Failed(Token);
}

/// <summary>A source whose messages are acknowledged only when durable. Called from the committing task: must be quick and must not throw.</summary>
internal interface IDeliverySource
{
    void Committed(long token);

    void Failed(long token);

    /// <summary>What the message will be called when it comes again after a restart. By default there is no such name.</summary>
    DeliveryMark MarkOf(long token) => new(0, 0);
}
