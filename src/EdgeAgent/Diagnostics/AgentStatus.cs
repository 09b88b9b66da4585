using EdgeAgent.Readings;
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
}

/// <param name="Lane">Which.</param>
/// <param name="State">What its uploader does.</param>
/// <param name="Bytes">What the cloud does not have.</param>
/// <param name="Oldest">How long the oldest of that has waited, since the start at most.</param>
/// <param name="Released">The cloud has everything through this sequence.</param>
/// <param name="Committed">The spool has everything through this one.</param>
internal sealed record LaneStatus(SpoolLane Lane, string State, long Bytes, TimeSpan Oldest, ulong Released, ulong Committed);

/// <summary>Readings since the start, by what became of them.</summary>
internal sealed record ReadingTotals(long Read, long Suppressed, long Batched, long Acknowledged, long Dropped, long Evicted, long Thinned);

/// <param name="Definition">What it is called.</param>
/// <param name="Expected">How often a reading is due; zero where nobody knows.</param>
/// <param name="Last">The newest one.</param>
internal sealed record SeriesStatus(Protocol.V1.SeriesDefinition Definition, TimeSpan Expected, LastReadingView Last);
