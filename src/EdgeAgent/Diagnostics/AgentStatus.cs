using EdgeAgent.Clock;
using EdgeAgent.Spooling;
using EdgeAgent.Supervision;
using EdgeAgent.Uplink.Budget;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics;

/// <summary>How the agent does at one moment, for people: what they ask first when something is wrong. <see cref="AgentStatusJson"/> writes it.</summary>
internal sealed record AgentStatus
{
    public required string Version { get; init; }

    /// <summary>Since the process started.</summary>
    public required TimeSpan Running { get; init; }

    /// <summary>The best that is known of the time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether that is right.</summary>
    public required bool IsTimeKnown { get; init; }

    public required UplinkProgress Uplink { get; init; }

    /// <summary>When the device's certificate runs out; null where it shows none, or there was no connection yet.</summary>
    public required DateTimeOffset? CertificateUntil { get; init; }

    /// <summary>TCP connections to the service since the start, and attempts that gave none.</summary>
    public required (long Made, long Failed) Connections { get; init; }

    public required IReadOnlyList<LaneStatus> Lanes { get; init; }

    /// <summary>When the backlog will be empty; null where nobody knows, or it is.</summary>
    public required TimeSpan? BacklogEmptyIn { get; init; }

    /// <summary>Null where the spool cannot be opened at present.</summary>
    public required SpoolState? Spool { get; init; }

    public required TrafficStatus Traffic { get; init; }

    /// <summary>What is left of today's bytes on flash; null without a budget.</summary>
    public required long? FlashLeft { get; init; }

    public required ReadingTotals Readings { get; init; }

    /// <summary>What is logged now, which may have been raised for a time.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>The first of the catalog, as many as a status has room for.</summary>
    public required IReadOnlyList<SeriesStatus> Series { get; init; }

    /// <summary>Those that it had none for.</summary>
    public required int SeriesLeftOut { get; init; }

    public required ConnectionStatus Connection { get; init; }

    public required CertificateStatus Certificate { get; init; }

    public required ClockStanding Clock { get; init; }

    public required Guid Boot { get; init; }

    /// <summary>Age of the newest reading of the live lane that the cloud has; null where it has had none of this run.</summary>
    public required TimeSpan? LiveDelay { get; init; }

    public required BufferStatus Buffer { get; init; }

    public required FlashStatus Flash { get; init; }

    /// <summary>What is read at a rate; as many as a status has room for.</summary>
    public required IReadOnlyList<SensorStatus> Sensors { get; init; }

    /// <summary>Those that it had none for.</summary>
    public required int SensorsLeftOut { get; init; }

    /// <summary>Null where the agent runs without anybody who decides on revisions.</summary>
    public required ConfigurationStatus? Configuration { get; init; }

    public required LossStatus Losses { get; init; }

    public required ProcessStatus Process { get; init; }
}
