using System.Buffers;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>
/// Writes windows as records, one series after the other: the aggregates of a series have one column of times, and long columns compress best. All windows of a
/// series that fit stand in one record, whatever their times; so the records of a run belong together, as they do in their segment.
/// </summary>
internal sealed class ThinningWriter(IThinningRecords records, ulong dictionary, BatchCompression compression)
{
    /// <summary>As of a batch of readings: a sixteenth of a segment, an upper bound and before compression.</summary>
    private const int RecordBytes = 64 * 1024;

    private readonly BatchEncoder _encoder = new();
    private readonly ThinnedDefinitions _definitions = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _clock;

    /// <returns>False where the spool takes no more.</returns>
    public bool TryWrite(WindowTable windows)
    {
        foreach (int index in windows.InOrder())
        {
            ref readonly Window window = ref windows.WindowAt(index);
            WindowTrack track = windows[window.Track];
            bool mustClose = _encoder.Count > 0 && (track.Clock != _clock || _encoder.EstimatedBytes >= RecordBytes);
            if (mustClose && !TryClose(windows.Clocks))
            {
                return false;
            }
            _clock = track.Clock;
            if (window.IsAggregated)
            {
                AddAggregates(window, track);
            }
            else
            {
                AddReadings(window, track.Series, windows.Held);
            }
        }
        return _encoder.Count == 0 || TryClose(windows.Clocks);
    }

    private void AddAggregates(in Window window, WindowTrack track)
    {
        foreach (AggregateFunction function in AggregateFunctions.Of(track.Series.Kind))
        {
            Add(window, track, function);
        }
        if (window.Failed > 0)
        {
            Add(window, track, AggregateFunction.Failed);
        }
    }

    private void AddReadings(in Window window, ThinnedSeries series, HeldReadings held)
    {
        uint reference = _definitions.ReferenceOf(series, AggregateFunction.Unspecified, 0);
        for (int i = window.FirstHeld; i != HeldReadings.None; i = held[i].Next)
        {
            HeldReading reading = held[i];
            Add(reference, series.Kind, reading.Time, reading.Number, reading.Text, reading.Quality);
        }
    }

    private void Add(in Window window, WindowTrack track, AggregateFunction function)
    {
        AggregateValue value = AggregateValue.Of(function, window, track.Series.Kind);
        uint reference = _definitions.ReferenceOf(track.Series, function, track.Seconds);
        Add(reference, AggregateFunctions.KindOf(function, track.Series.Kind), window.Start, value.Number, value.Text, value.Quality);
    }

    private void Add(uint reference, SeriesKind kind, long time, double number, string? text, Quality quality) =>
        _encoder.Add(reference, kind, time, number, text, quality);

    private bool TryClose(ThinningClocks clocks)
    {
        _bytes.ResetWrittenCount();
        _encoder.Encode(dictionary, _definitions, compression, _bytes, clocks.ClockAt(_clock, _encoder.BaseTimeUnixNanoseconds));
        _ = StoredRecord.TryReadReadings(_bytes.WrittenSpan, out uint readings);
        return records.TryAppend(_bytes.WrittenSpan, readings);
    }
}
