using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>
/// Stores a portable file: each lane is one upload session, as if the device had opened it at the watermark. So what it has in common
/// with what the device sends, before or later, is stored once.
/// </summary>
internal sealed class PortableImport(
    PortableReader reader, string device, IngestOptions options, IReadingStore store, StoreQueue queue, Predecessors predecessors, TimeProvider time)
    : IDisposable
{
    private static readonly DecodeLimits Limits = new();

    // What the records that are skipped name, by dictionary: those that are not skipped may refer to it. Of one segment at a time.
    private readonly Dictionary<ulong, Dictionary> _names = [];
    private readonly List<SeriesDefinition> _definitions = [];
    private PortableSpool? _spool;
    private SourceKey? _source;
    private ulong _durableThrough;
    private UploadSession? _session; // null until something comes that is not stored yet
    private long _skipped;
    private ImportResult _result;

    public async Task<ImportResult> RunAsync(CancellationToken cancellationToken)
    {
        string? problem = await ReadAllAsync(cancellationToken);
        // What came before is sound, whatever ended it.
        problem = await EndLaneAsync(cancellationToken) ?? problem;
        return _result with { Problem = problem, RecordsSkipped = _result.RecordsSkipped + _skipped };
    }

    public void Dispose() => _session?.Dispose();

    private async Task<string?> ReadAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = reader.Offset;
            PortableReadResult read = reader.Read(out PortableEntry? entry);
            if (read != PortableReadResult.Entry)
            {
                return read == PortableReadResult.End ? null : reader.Damage;
            }
            if (await TakeAsync(entry!, cancellationToken) is { } problem)
            {
                return string.Create(CultureInfo.InvariantCulture, $"At byte {offset}: {problem}");
            }
        }
    }

    private async ValueTask<string?> TakeAsync(PortableEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.KindCase)
        {
            case PortableEntry.KindOneofCase.Spool when _spool is null && entry.Spool.SpoolId.Length == 16:
                _spool = entry.Spool;
                return null;
            case PortableEntry.KindOneofCase.Lane when _spool is not null && entry.Lane.Lane is Lane.Alarm or Lane.Live or Lane.Backlog:
                return await EndLaneAsync(cancellationToken) ?? await BeginLaneAsync(entry.Lane.Lane, cancellationToken);
            case PortableEntry.KindOneofCase.Segment when _source is not null:
                _names.Clear();
                return null;
            case PortableEntry.KindOneofCase.Record when _source is not null:
                return await TakeAsync(entry.Record, cancellationToken);
            case PortableEntry.KindOneofCase.Gap when _source is not null:
                return _session is null && entry.Gap.To <= _durableThrough
                    ? null
                    : await TakeAsync(new UploadRequest { Gap = entry.Gap }, entry.Gap.From, cancellationToken);
            case PortableEntry.KindOneofCase.End:
                return null;
            default:
                return "the entry is not one that may come here.";
        }
    }

    private async ValueTask<string?> BeginLaneAsync(Lane lane, CancellationToken cancellationToken)
    {
        _source = new SourceKey(device, new Guid(_spool!.SpoolId.Span, bigEndian: true), lane);
        _durableThrough = await store.ReadDurableThroughAsync(_source.Value, cancellationToken);
        _names.Clear();
        return null;
    }

    private async ValueTask<string?> TakeAsync(PortableRecord stored, CancellationToken cancellationToken)
    {
        if (_session is null && stored.Sequence <= _durableThrough)
        {
            _skipped++;
            Learn(stored.Stored);
            return null;
        }
        Record record;
        try
        {
            record = Record.Parser.ParseFrom(stored.Stored);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            return string.Create(CultureInfo.InvariantCulture, $"record {stored.Sequence} is none: {malformed.Message}");
        }
        record.Sequence = stored.Sequence;
        return await TakeAsync(new UploadRequest { Record = record }, stored.Sequence, cancellationToken);
    }

    private async ValueTask<string?> TakeAsync(UploadRequest request, ulong first, CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            if (first > _durableThrough + 1)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the service has everything through {_durableThrough} of the lane {_source!.Value.Lane} of {device}, and the file goes on at {first}. Import what lies between first, or let the device send it; and check the name of the device.");
            }
            _session = Open();
            foreach (ClockReference reference in _spool!.Clocks)
            {
                _ = await _session.TakeAsync(new UploadRequest { ClockReference = reference }, cancellationToken);
            }
        }
        return await _session.TakeAsync(request, cancellationToken) is { } end ? end.Message : null;
    }

    private UploadSession Open()
    {
        var open = new SessionOpen { FirstSequence = _durableThrough + 1, AgentVersion = _spool!.AgentVersion };
        open.Dictionaries.Add(_names.Values);
        return new UploadSession(_source!.Value, open, _durableThrough, options, queue, predecessors, time);
    }

    private void Learn(ByteString stored)
    {
        _definitions.Clear();
        if (!StoredRecord.TryReadDefinitions(stored.Span, Limits, out ulong number, _definitions) || _definitions.Count == 0)
        {
            return;
        }
        if (!_names.TryGetValue(number, out Dictionary? dictionary))
        {
            _names.Add(number, dictionary = new Dictionary { Dictionary_ = number });
        }
        dictionary.Definitions.Add(_definitions);
    }

    private async ValueTask<string?> EndLaneAsync(CancellationToken cancellationToken)
    {
        _source = null;
        if (_session is not { } session)
        {
            return null;
        }
        SessionEnd? failure = await session.FlushAsync(cancellationToken);
        _result = new ImportResult(
            null, _result.RecordsStored + session.RecordsStored, _result.RecordsSkipped + session.RecordsSkipped,
            _result.ReadingsStored + session.ReadingsStored);
        session.Dispose();
        _session = null;
        return failure?.Message;
    }
}
