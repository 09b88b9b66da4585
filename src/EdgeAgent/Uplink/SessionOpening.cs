using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Google.Protobuf;

namespace EdgeAgent.Uplink;

/// <summary>The first message of a session, and what is named in it.</summary>
/// <param name="catalog">What this process has met.</param>
/// <param name="clock">What is known of the time.</param>
/// <param name="watch">When the backlog will be empty.</param>
internal sealed class SessionOpening(SeriesCatalog catalog, AgentClock clock, BacklogWatch watch)
{
    /// <summary>What is known of the time; the service's headers add to it.</summary>
    public AgentClock Clock => clock;

    /// <param name="lane">The lane that is sent.</param>
    /// <param name="opened">Its spool.</param>
    /// <param name="first">The first sequence that will be sent.</param>
    /// <param name="names">Null where the service did not ask for them; they are all named.</param>
    public SessionOpen For(SpoolLane lane, OpenedSpool opened, ulong first, StoredDictionaries? names)
    {
        SpoolQueue queue = opened.Spool[lane];
        var open = new SessionOpen
        {
            SpoolId = Bytes(opened.Spool.Id),
            Lane = WireLane.Of(lane),
            FirstSequence = first,
            AgentVersion = AgentVersion.Value,
            BootId = clock.BootId,
            ClockState = clock.State,
            BacklogBytes = (ulong)queue.BacklogBytes,
            OldestAgeMilliseconds = (ulong)queue.OldestAge.TotalMilliseconds,
            LastSequence = queue.Committed,
            DrainedInMilliseconds = lane == SpoolLane.Backlog ? (ulong)(watch.EmptyIn?.TotalMilliseconds ?? 0) : 0,
        };
        if (names is not null)
        {
            open.Dictionaries.Add(names.All);
        }
        return open;
    }

    /// <summary>What the records of a session are called that begins with a sequence and holds so many bytes, as far as this device knows.</summary>
    public StoredDictionaries NamesFor(SpoolLane lane, OpenedSpool opened, ulong first, long bytes) =>
        StoredDictionaries.Read(opened.Spool[lane], first, bytes, opened.TailAtOpen(lane), catalog);

    /// <summary>As RFC 9562 writes them, which is not how .NET keeps them.</summary>
    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
