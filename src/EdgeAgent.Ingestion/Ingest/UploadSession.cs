using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>
/// The work of one upload session after its first message: judge each record by the rule of the sequence, decode it into
/// columns, store the columns piece by piece. It knows neither gRPC nor time-outs of the line; <see cref="UploadReader"/> does.
/// </summary>
internal sealed class UploadSession : IDisposable
{
    public static readonly SessionEnd StoreFailing = new(
        SessionOutcome.StoreFailing, "The store does not work at present. Keep the data and try again.");

    private readonly IngestOptions _options;
    private readonly StoreQueue _queue;
    private readonly Predecessors _predecessors;
    private readonly BatchDecoder _decoder;
    private readonly SourceChunk _chunk;
    // Where the session begins ahead of the watermark its first piece must wait for what precedes it.
    private bool _awaitsPredecessor;

    public UploadSession(
        SourceKey source, SessionOpen open, ulong durableThrough, IngestOptions options, StoreQueue queue, Predecessors predecessors)
    {
        (_options, _queue, _predecessors) = (options, queue, predecessors);
        _decoder = new BatchDecoder(new DecodeLimits { MaximumReadings = options.MaximumRecordReadings });
        _chunk = new SourceChunk(source, open.AgentVersion, WaitingReport.Of(open));
        DurableThrough = durableThrough;
        _awaitsPredecessor = open.FirstSequence > durableThrough + 1;
        _chunk.Begin(Math.Max(durableThrough, open.FirstSequence - 1));
        foreach (Dictionary dictionary in open.Dictionaries)
        {
            foreach (SeriesDefinition definition in dictionary.Definitions)
            {
                _chunk.Readings.Define(dictionary.Dictionary_, definition);
            }
        }
    }

    /// <summary>The watermark as this session knows it.</summary>
    public ulong DurableThrough { get; private set; }

    public uint RecordsStored { get; private set; }

    public uint RecordsSkipped { get; private set; }

    public ulong ReadingsStored { get; private set; }

    /// <summary>Takes one message.</summary>
    /// <returns>Null where the session goes on. Else it is over, once <see cref="FlushAsync"/> has stored what came before.</returns>
    public async ValueTask<SessionEnd?> TakeAsync(UploadRequest request, CancellationToken cancellationToken)
    {
        int size = request.CalculateSize();
        SessionEnd? end = request.KindCase switch
        {
            UploadRequest.KindOneofCase.Record => Take(request.Record, size),
            UploadRequest.KindOneofCase.Gap => Take(request.Gap),
            UploadRequest.KindOneofCase.Open =>
                new SessionEnd(SessionOutcome.ProtocolViolated, "SessionOpen came again. It is the first message, and only the first."),
            _ => new SessionEnd(SessionOutcome.ProtocolViolated, "A message holds neither a record nor a gap."),
        };
        if (end is not null)
        {
            return end;
        }
        _chunk.Bytes += size;
        bool isFull = _chunk.Readings.Count >= _options.FlushReadings || _chunk.Bytes >= _options.FlushBytes;
        return isFull ? await FlushAsync(cancellationToken) : null;
    }

    /// <summary>Stores what has been taken.</summary>
    /// <returns>Null where it is durable. Else nothing of it is, and the session is over.</returns>
    public async ValueTask<SessionEnd?> FlushAsync(CancellationToken cancellationToken)
    {
        if (!_chunk.HasContent)
        {
            return null;
        }
        SessionEnd? failure = await StoreAsync(cancellationToken);
        if (failure is not null)
        {
            // So that a second flush at the session's end does not try, and wait, again.
            _chunk.Begin(DurableThrough);
        }
        return failure;
    }

    public void Dispose() => _chunk.Dispose();

    private async ValueTask<SessionEnd?> StoreAsync(CancellationToken cancellationToken)
    {
        if (_awaitsPredecessor && !await _predecessors.WaitAsync(_chunk.Source, _chunk.After, cancellationToken))
        {
            return new SessionEnd(
                SessionOutcome.PredecessorMissing,
                $"Sequence {_chunk.After} was not stored within {_options.PredecessorWait.TotalSeconds} s. Resume from edge-durable-through.");
        }
        _awaitsPredecessor = false;
        return await _queue.StoreAsync(_chunk) switch
        {
            null => new SessionEnd(
                SessionOutcome.Overloaded, $"The store has been busy for {_options.QueueWait.TotalSeconds} s. Try again later."),
            { Outcome: StoreOutcome.Stored } => GoOn(_chunk.Through, _chunk.RecordsStored, _chunk.RecordsSkipped, _chunk.Readings.Readings),
            // All of it was stored meanwhile by somebody else: an older session of the same device that had been given up.
            { Outcome: StoreOutcome.Superseded } result when result.DurableThrough >= _chunk.Through =>
                GoOn(result.DurableThrough, 0, _chunk.RecordsStored + _chunk.RecordsSkipped, 0),
            { Outcome: StoreOutcome.Superseded } result => new SessionEnd(
                SessionOutcome.Superseded,
                $"Another session has moved the watermark from {_chunk.After} to {result.DurableThrough}. Resume from there."),
            { Outcome: StoreOutcome.SeriesUnknown } result => new SessionEnd(
                SessionOutcome.SeriesUnknown,
                $"Series {result.Series} of dictionary {result.Dictionary} was never named. Open a session with SessionOpen.dictionaries."),
            _ => StoreFailing,
        };
    }

    private SessionEnd? GoOn(ulong durableThrough, int stored, int skipped, int readings)
    {
        DurableThrough = durableThrough;
        RecordsStored += (uint)stored;
        RecordsSkipped += (uint)skipped;
        ReadingsStored += (ulong)readings;
        _chunk.Begin(durableThrough);
        return null;
    }

    private SessionEnd? Take(Record record, int size)
    {
        switch (SequenceRule.ForRecord(_chunk.Through, record.Sequence))
        {
            case SequenceOutcome.Skip:
                _chunk.RecordsSkipped++;
                return null;
            case SequenceOutcome.Hole:
                return Hole(record.Sequence);
            case SequenceOutcome.Malformed:
                return Refused(record.Sequence, "The sequence is not from 1 to 2^63 - 1.");
        }
        if (size > _options.MaximumMessageBytes)
        {
            return Refused(record.Sequence, $"It has {size} bytes; {_options.MaximumMessageBytes} are allowed.");
        }
        _chunk.Readings.BeginRecord(record.Sequence);
        if (!_decoder.TryDecode(record, _chunk.Readings, out DecodeError error))
        {
            return Refused(record.Sequence, error.ToString());
        }
        _chunk.Through = record.Sequence;
        _chunk.RecordsStored++;
        return null;
    }

    private SessionEnd? Take(Gap gap)
    {
        SequenceOutcome outcome = SequenceRule.ForGap(_chunk.Through, gap.From, gap.To);
        switch (outcome)
        {
            case SequenceOutcome.ExplainedGap or SequenceOutcome.PartlyKnownGap:
                _chunk.Gaps.Add(new ExplainedGap(Math.Max(gap.From, _chunk.Through + 1), gap.To, gap.From, gap.Readings, gap.Cause));
                _chunk.Through = gap.To;
                return null;
            case SequenceOutcome.Hole:
                return Hole(gap.From);
            case SequenceOutcome.Malformed:
                return Refused(gap.From, $"The gap from {gap.From} to {gap.To} is not within 1 to 2^63 - 1, or ends before it begins.");
            default:
                return null;
        }
    }

    private SessionEnd Hole(ulong sequence) => new(
        SessionOutcome.Hole,
        $"Sequence {_chunk.Through + 1} was expected, {sequence} came, and no gap explains the hole. Resume from edge-durable-through.");

    private static SessionEnd Refused(ulong sequence, string why) =>
        new(SessionOutcome.RecordRefused, $"Record {sequence} is refused. {why}", sequence);
}
