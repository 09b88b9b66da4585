using System.Diagnostics.Metrics;
using EdgeAgent.Ingestion.Storage;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>All instruments of the service, with UCUM units. Meter <c>EdgeAgent.Ingestion</c>.</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "EdgeAgent.Ingestion";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _sessions;
    private readonly UpDownCounter<int> _activeSessions;
    private readonly Counter<long> _records;
    private readonly Counter<long> _readings;
    private readonly Counter<long> _aggregates;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _transactionTime;
    private readonly Histogram<int> _transactionChunks;
    private readonly Counter<long> _storeFailures;

    public IngestMetrics()
    {
        _sessions = _meter.CreateCounter<long>("edge.ingest.sessions", "{session}", "Upload sessions that ended, by outcome.");
        _activeSessions = _meter.CreateUpDownCounter<int>("edge.ingest.sessions.active", "{session}", "Upload sessions that are open.");
        _records = _meter.CreateCounter<long>(
            "edge.ingest.records", "{record}", "Records, by result: stored, or skipped as stored before.");
        _readings = _meter.CreateCounter<long>("edge.ingest.readings", "{reading}", "Readings stored.");
        _aggregates = _meter.CreateCounter<long>(
            "edge.ingest.aggregates", "{aggregate}", "Aggregates stored, of readings that devices have thinned.");
        _bytes = _meter.CreateCounter<long>("edge.ingest.received", "By", "Bytes of the messages whose content was stored or skipped.");
        _gaps = _meter.CreateCounter<long>("edge.ingest.gaps", "{gap}", "Entries of the loss ledger, by cause.");
        _lost = _meter.CreateCounter<long>("edge.ingest.lost", "{reading}", "Readings that devices report as lost, or as thinned to aggregates, by cause.");
        _transactionTime = _meter.CreateHistogram<double>(
            "edge.ingest.transaction.duration", "s", "Time of a store transaction, fsync included.");
        _transactionChunks = _meter.CreateHistogram<int>(
            "edge.ingest.transaction.chunks", "{chunk}", "Pieces of sessions that shared a transaction.");
        _storeFailures = _meter.CreateCounter<long>("edge.ingest.store.failures", "{failure}", "Uses of the store that failed.");
    }

    /// <summary>Publishes how many series are silent, by cause. Asked when somebody collects.</summary>
    public void ObserveSilence(Func<IEnumerable<KeyValuePair<string, int>>> silent) => _meter.CreateObservableGauge(
        "edge.ingest.series.silent",
        () => silent().Select(cause => new Measurement<int>(cause.Value, new KeyValuePair<string, object?>("cause", cause.Key))),
        "{series}",
        "Series of which no value has come for longer than was to be expected, by cause.");

    public void SessionBegan() => _activeSessions.Add(1);

    public void SessionEnded(SessionOutcome outcome)
    {
        _activeSessions.Add(-1);
        _sessions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Stored(SourceChunk chunk)
    {
        _records.Add(chunk.RecordsStored, new KeyValuePair<string, object?>("result", "stored"));
        _records.Add(chunk.RecordsSkipped, new KeyValuePair<string, object?>("result", "skipped"));
        _readings.Add(chunk.Readings.Readings);
        _aggregates.Add(chunk.Readings.Aggregates);
        _bytes.Add(chunk.Bytes);
        foreach (ExplainedGap gap in chunk.Gaps)
        {
            var cause = new KeyValuePair<string, object?>("cause", gap.Cause);
            _gaps.Add(1, cause);
            _lost.Add((long)Math.Min(gap.Readings, long.MaxValue), cause);
        }
    }

    public void Transaction(TimeSpan duration, int chunks)
    {
        _transactionTime.Record(duration.TotalSeconds);
        _transactionChunks.Record(chunks);
    }

    public void StoreFailed() => _storeFailures.Add(1);

    public void Dispose() => _meter.Dispose();
}
