using System.Reflection;
using EdgeAgent.Batching;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Google.Protobuf;

namespace EdgeAgent.Uplink;

/// <summary>The first message of a session.</summary>
internal sealed class SessionOpening(SeriesCatalog catalog)
{
    private static readonly string Version =
        typeof(SessionOpening).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <param name="lane">The lane that is sent.</param>
    /// <param name="opened">Its spool.</param>
    /// <param name="first">The first sequence that will be sent.</param>
    /// <param name="withNames">The service asked for the names of the series.</param>
    public SessionOpen For(SpoolLane lane, OpenedSpool opened, ulong first, bool withNames)
    {
        SpoolQueue queue = opened.Spool[lane];
        var open = new SessionOpen
        {
            SpoolId = Bytes(opened.Spool.Id),
            Lane = lane == SpoolLane.Alarm ? Lane.Alarm : Lane.Live,
            FirstSequence = first,
            AgentVersion = Version,
            BootId = BootId.Current == Guid.Empty ? ByteString.Empty : Bytes(BootId.Current),
            BacklogBytes = (ulong)queue.BacklogBytes,
            OldestAgeMilliseconds = (ulong)queue.OldestAge.TotalMilliseconds,
        };
        if (withNames && StoredDictionary.Read(queue, first, opened.TailAtOpen(lane), catalog) is { } dictionary)
        {
            open.Dictionaries.Add(dictionary);
        }
        return open;
    }

    /// <summary>As RFC 9562 writes them, which is not how .NET keeps them.</summary>
    private static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
