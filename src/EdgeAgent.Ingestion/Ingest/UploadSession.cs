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

    /// <summary>2020-01-01: no device of this kind is older. What a reference would move to before that stays provisional.</summary>
    private const long EarliestCorrection = 1_577_836_800_000_000_000;

    /// <summary>Nothing is moved into the future; a day because the service's clock may be wrong too.</summary>
    private static readonly TimeSpan LatestCorrection = TimeSpan.FromDays(1);

    private readonly IngestOptions _options;
    private readonly StoreQueue _queue;
    private readonly Predecessors _predecessors;
    private readonly ClockReferences _references;
    private readonly BatchDecoder _decoder;
    private readonly SourceChunk _chunk;
    // Where the session begins ahead of the watermark its first piece must wait for what precedes it.
    private bool _awaitsPredecessor;
    private ulong _last; // that the session has said something of

    public UploadSession(
        SourceKey source, SessionOpen open, ulong durableThrough, IngestOptions options, StoreQueue queue, Predecessors predecessors, TimeProvider time)
    {
        (_options, _queue, _predecessors) = (options, queue, predecessors);
        _references = new ClockReferences(EarliestCorrection, (time.GetUtcNow() + LatestCorrection).ToUnixNanoseconds());
        _decoder = new BatchDecoder(new DecodeLimits { MaximumReadings = options.MaximumRecordReadings }, _references);
        _chunk = new SourceChunk(source, open.AgentVersion, WaitingReport.Of(open));
        DurableThrough = durableThrough;
        _awaitsPredecessor = open.FirstSequence > durableThrough + 1;
        _last = open.FirstSequence - 1;
        _chunk.Begin(Math.Max(durableThrough, _last));
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
            UploadRequest.KindOneofCase.ClockReference => Take(request.ClockReference),
            UploadRequest.KindOneofCase.Open =>
                new SessionEnd(SessionOutcome.ProtocolViolated, "SessionOpen came again. It is the first message, and only the first."),
            _ => new SessionEnd(SessionOutcome.ProtocolViolated, "A message holds neither a record, nor a gap, nor a clock reference."),
        };
        if (end is not null)
        {
            return end;
        }
        _last = request.Gap?.To ?? request.Record?.Sequence ?? _last;
        _chunk.Bytes += size;
        bool isFull = _chunk.Readings.Count >= _options.FlushReadings || _chunk.Bytes >= _options.FlushBytes;
        return isFull ? await FlushAsync(cancellationToken) : null;
    }

    /// <summary>
    /// The sequence of a message that could not be read. Sequences ascend without holes, so that its place tells.
    /// </summary>
    public ulong Unread => _last + 1;

    /// <summary>A message came that is no message.</summary>
    public SessionEnd RefuseUnread() => Refused(Unread, "It is not an UploadRequest in protobuf.");

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
        if (_decoder.Clock is { State: ClockState.Provisional } clock)
        {
            _chunk.Provisional.Add(new ProvisionalRecord(record.Sequence, clock.BootId, clock.BootTimeNanoseconds, _decoder.BaseTimeUnixNanoseconds));
        }
        _chunk.Through = record.Sequence;
        _chunk.RecordsStored++;
        return null;
    }

    private SessionEnd? Take(ClockReference reference)
    {
        // One that makes no sense harms nobody but its device: what it was for keeps its mark.
        _ = _references.TryAdd(reference);
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
