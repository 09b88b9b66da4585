using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>Makes the messages that carry revisions. Documents that many devices get are read once, and kept while a fleet is being told.</summary>
internal sealed class RevisionMessages(ControlDatabase control)
{
    /// <summary>Times 1 MiB at most.</summary>
    private const int MostKept = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ByteString> _kept = [];
    private readonly Queue<string> _order = new();

    /// <exception cref="Storage.StoreUnavailableException">It cannot be read now.</exception>
    public ConfigRevision Read(string device, long number)
    {
        Revision revision = control.Read(session => RevisionRows.Get(session, device, number));
        return new ConfigRevision
        {
            Number = (ulong)number,
            Hash = UnsafeByteOperations.UnsafeWrap(revision.Hash),
            Author = revision.Author,
            Document = Document(revision.Hash),
            TrialSeconds = (uint)revision.Trial.TotalSeconds,
            MayChangeBootstrap = revision.MayChangeBootstrap,
        };
    }

    private ByteString Document(byte[] hash)
    {
        string key = Convert.ToHexString(hash);
        lock (_gate)
        {
            if (_kept.TryGetValue(key, out ByteString? kept))
            {
                return kept;
            }
        }
        ByteString document = UnsafeByteOperations.UnsafeWrap(control.Read(session => LayerRows.Document(session, hash)));
        lock (_gate)
        {
            if (_kept.TryAdd(key, document))
            {
                _order.Enqueue(key);
            }
            if (_order.Count > MostKept)
            {
                _kept.Remove(_order.Dequeue());
            }
        }
        return document;
    }
}
