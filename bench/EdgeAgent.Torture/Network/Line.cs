namespace EdgeAgent.Torture.Network;

/// <summary>How the line between agent and service is at present, for connections that are there and those to come.</summary>
internal sealed record Line
{
    public static Line Good { get; } = new();

    /// <summary>From the agent to the service.</summary>
    public Passage Up { get; init; }

    /// <summary>From the service to the agent.</summary>
    public Passage Down { get; init; }

    /// <summary>The time each byte takes, in each direction.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to so much is added to the delay. The order stays: TCP would restore it.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second in each direction; 0 is no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>New connections are reset as soon as they are accepted.</summary>
    public bool ResetsOnAccept { get; init; }

    /// <summary>Where connections are cut; null is nowhere.</summary>
    public Cut? Cut { get; init; }
}
