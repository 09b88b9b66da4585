using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Readings;

/// <summary>What is known of the newest reading of a series.</summary>
/// <param name="Count">Readings since the start; 0: there was none, and the rest means nothing.</param>
/// <param name="UnixNanoseconds">When it was taken.</param>
/// <param name="Number">Its value; 0 or 1 for a boolean.</param>
/// <param name="Text">Its value, of a series of texts; null of others, and where it is long.</param>
/// <param name="Quality">Whether the value is one.</param>
/// <param name="Every">The time from the reading before; zero where there was none.</param>
internal readonly record struct LastReadingView(long Count, long UnixNanoseconds, double Number, string? Text, Quality Quality, TimeSpan Every);

/// <summary>The newest reading of one series, as its source gave it. Written by the batcher alone, and read by whoever wants to know how the device does.</summary>
internal sealed class LastReading
{
    /// <summary>Longer texts are not kept alive by this.</summary>
    private const int LongestText = 100;

    private readonly Lock _gate = new();
    private LastReadingView _view;

    public LastReadingView View
    {
        get
        {
            lock (_gate)
            {
                return _view;
            }
        }
    }

    public void Note(in Reading reading)
    {
        lock (_gate)
        {
            TimeSpan every = _view.Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((reading.UnixNanoseconds - _view.UnixNanoseconds) / TimeSpan.NanosecondsPerTick);
            _view = new LastReadingView(
                _view.Count + 1, reading.UnixNanoseconds, reading.Number, reading.Text is { Length: <= LongestText } text ? text : null, reading.Quality, every);
        }
    }
}
