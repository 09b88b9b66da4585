using EdgeAgent.Diagnostics;
using EdgeAgent.Processing;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Batching;

/// <summary>The open batches, one of alarms and one of everything else, and their way into the spool.</summary>
internal sealed partial class OpenBatches(
    SeriesCatalog catalog, BatchOptions options, SpoolCommits commits, LostReadings lost, AgentMetrics metrics, ILogger logger)
    : IReadingSink
{
    private readonly LaneBatch _alarm = new(SpoolLane.Alarm, catalog, options);
    private readonly LaneBatch _live = new(SpoolLane.Live, catalog, options);
    private readonly LiveRoute _route = new(options.LiveWindow); // fixed: section cloud is none that changes while this runs
    private OpenedSpool? _opened;

    public bool AreEmpty => _alarm.Readings == 0 && _live.Readings == 0;

    /// <summary>What is in the batches of readings that nobody else has.</summary>
    public Risk Risk => Risk.None.With(_alarm.AtRisk, _alarm.Policy.Since).With(_live.AtRisk, _live.Policy.Since);

    /// <summary>When the next batch is to be closed, if nothing happens before.</summary>
    public TimeSpan Due => _alarm.Policy.Due < _live.Policy.Due ? _alarm.Policy.Due : _live.Policy.Due;

    /// <summary>A batch has to be closed before much more is added.</summary>
    public bool IsAnyFull => _live.IsFull || _alarm.IsFull;

    public void Add(in Reading reading, Series series, SpoolLane lane, TimeSpan now)
    {
        LaneBatch batch = lane == SpoolLane.Alarm ? _alarm : _live;
        batch.Add(reading, series.Definition.Kind, now);
    }

    /// <summary>Somebody waits for everything that is in the batches now.</summary>
    public void Awaited(TimeSpan now)
    {
        _alarm.Policy.Awaited(now);
        _live.Policy.Awaited(now);
    }

    public bool IsAnyClosing(TimeSpan now) => _alarm.Closing(now) != BatchClosing.NotYet || _live.Closing(now) != BatchClosing.NotYet;

    /// <summary>Appends the batches that close at an instant, or all that hold anything. Alarms first: they are what to save.</summary>
    /// <exception cref="SpoolFullException">A batch found no room; it is still open, or kept by <see cref="SpoolCommits"/>.</exception>
    /// <exception cref="SpoolBrokenException">The disk failed. What was closed is kept by <see cref="SpoolCommits"/>.</exception>
    public void AppendTo(OpenedSpool opened, int maximumPayloadBytes, TimeSpan now, bool all)
    {
        AppendTo(opened, maximumPayloadBytes, _alarm, now, all);
        AppendTo(opened, maximumPayloadBytes, _live, now, all);
    }

    /// <summary>The lane for what is appended now, and the one by which it might have gone.</summary>
    private (SpoolLane Lane, ulong OtherTail) RouteOf(OpenedSpool opened, LaneBatch batch)
    {
        if (batch.Lane == SpoolLane.Alarm)
        {
            return (SpoolLane.Alarm, 0);
        }
        (SpoolQueue live, SpoolQueue backlog) = (opened.Spool[SpoolLane.Live], opened.Spool[SpoolLane.Backlog]);
        if (opened != _opened)
        {
            _opened = opened;
            _route.Opened(live.Released == live.Tail, backlog.Released == backlog.Tail);
        }
        return _route.Next(live.Released == live.Tail, live.OldestAge) == SpoolLane.Live
            ? (SpoolLane.Live, backlog.Tail)
            : (SpoolLane.Backlog, live.Tail);
    }

    /// <summary>The spool was opened anew: what it was told of the series' names may be gone.</summary>
    public void ForgetDictionaries()
    {
        _alarm.ForgetDictionary();
        _live.ForgetDictionary();
    }

    /// <summary>Empties the batches.</summary>
    /// <returns>How many readings are lost by that.</returns>
    public long GiveUp() => GiveUp(_alarm) + GiveUp(_live);

    private long GiveUp(LaneBatch batch)
    {
        long readings = batch.GiveUp();
        lost.Add(batch.Lane, readings);
        return readings;
    }

    private void AppendTo(OpenedSpool opened, int maximumPayloadBytes, LaneBatch batch, TimeSpan now, bool all)
    {
        if (batch.Readings == 0 || (!all && batch.Closing(now) == BatchClosing.NotYet))
        {
            return;
        }
        (SpoolLane lane, ulong otherTail) = RouteOf(opened, batch);
        batch.Take(lane);
        foreach (BatchPart part in batch.Parts)
        {
            if (part.Readings > 0)
            {
                AppendTo(opened, maximumPayloadBytes, batch, part, lane, otherTail);
            }
        }
    }

    private void AppendTo(OpenedSpool opened, int maximumPayloadBytes, LaneBatch batch, BatchPart part, SpoolLane lane, ulong otherTail)
    {
        // A bound that counts every definition in full and nothing compressed. Beyond what a segment can hold it is cut: what is really
        // written is a fraction of it, and a fresh segment is the most there is.
        ulong segment = opened.Spool[lane].PrepareAppend(Math.Min(part.MaximumBytes, maximumPayloadBytes));
        UncommittedBatch encoded = commits.Rent();
        // A segment that an earlier process began goes on, but that process numbered its series in its own way: this one opens a dictionary
        // of its own with its first record.
        batch.Encode(part, Math.Max(segment, opened.TailAtOpen(lane) + 1), otherTail, encoded);
        if (encoded.Bytes.WrittenCount > maximumPayloadBytes)
        {
            // Only thousands of new series with kilobytes of labels each can do this.
            // All of them: their senders will be told that they are stored, lest they send them again for ever.
            metrics.ReadingsDropped.Add(DropCause.SpoolRefused, encoded.Readings);
            lost.Add(batch.Lane, encoded.Readings);
            Log.Oversized(logger, encoded.Readings, encoded.Bytes.WrittenCount, maximumPayloadBytes);
            batch.ForgetDictionary();
            commits.Return(encoded);
            return;
        }
        commits.Append(opened.Spool, encoded);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "{Readings} readings are lost: their batch has {Bytes} bytes, and a segment holds {Maximum}. "
                + "Use larger segments or fewer labels.")]
        public static partial void Oversized(ILogger logger, uint readings, int bytes, int maximum);
    }
}
