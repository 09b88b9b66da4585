using System.Runtime.InteropServices;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>
/// The open windows of a run, of all series, until they are written: batches come in any order. Bounded by <see cref="ThinningLimits"/>: at half of it they are
/// <see cref="IsCrowded"/>, and better written. What does not fit is not kept, <see cref="IsExceeded"/> says so, and the run is given up.
/// </summary>
internal sealed class WindowTable(ThinningLimits limits)
{
    /// <summary>
    /// Readings of a window that stay as they are: minimum, maximum, mean, count and last are as many numbers, and say less. So a sensor that
    /// is read once a minute keeps every reading until the windows are of a quarter of an hour.
    /// </summary>
    public const int MostHeld = 5;

    private readonly Dictionary<string, ThinnedSeries> _series = new(StringComparer.Ordinal);
    private readonly List<WindowTrack> _tracks = [];
    private readonly List<int> _lastWindow = []; // of each track: readings of a series mostly come in the order of their times
    private readonly Dictionary<WindowTrack, int> _trackIndex = [];
    private readonly Dictionary<(int Track, long Start), int> _windowIndex = [];
    private readonly List<Window> _windows = [];
    private readonly HeldReadings _held = new();
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private int _textCharacters;
    private bool _hasTooManyWindows;
    private Window _unkept; // takes what does not fit, until the run is given up

    public ThinningClocks Clocks { get; } = new();

    /// <summary>There is more than memory is granted for.</summary>
    public bool IsExceeded => _hasTooManyWindows || _held.Count > limits.HeldReadings || _textCharacters > limits.TextCharacters
        || Clocks.Count > limits.Clocks;

    /// <summary>Half of what memory is granted for is used. One record more still fits, however many windows it holds, unless limits are small.</summary>
    public bool IsCrowded => _windows.Count > limits.Windows / 2 || _held.Count > limits.HeldReadings / 2 || _textCharacters > limits.TextCharacters / 2;

    public HeldReadings Held => _held;

    public WindowTrack this[int track] => _tracks[track];

    /// <exception cref="ThinningRefusedException">The name stood for another kind of values before.</exception>
    public ThinnedSeries Series(string name, SeriesKind kind)
    {
        if (!_series.TryGetValue(name, out ThinnedSeries? series))
        {
            _series.Add(name, series = new ThinnedSeries(name, kind));
        }
        return series.Kind == kind ? series : throw new ThinningRefusedException($"The series {name} changed its kind from {series.Kind} to {kind}.");
    }

    /// <returns>Null where nobody said what its values are.</returns>
    public ThinnedSeries? FindSeries(string name) => _series.GetValueOrDefault(name);

    public int TrackOf(ThinnedSeries series, int clock, uint seconds)
    {
        var track = new WindowTrack(series, clock, seconds);
        if (!_trackIndex.TryGetValue(track, out int index))
        {
            _trackIndex.Add(track, index = _tracks.Count);
            _tracks.Add(track);
            _lastWindow.Add(-1);
        }
        return index;
    }

    /// <summary>Takes a reading.</summary>
    public void Add(int track, long time, double number, string? text, Quality quality)
    {
        ref Window window = ref At(track, time);
        if (text is null)
        {
            window.Add(time, number, quality);
        }
        else
        {
            text = Shared(text);
            window.Add(time, text, quality);
        }
        if (window.IsAggregated)
        {
            return;
        }
        if (window.HeldCount == MostHeld || IsExceeded)
        {
            Aggregate(ref window);
            return;
        }
        window.LastHeld = _held.Add(window.LastHeld, new HeldReading { Time = time, Number = number, Text = text, Quality = quality });
        window.FirstHeld = window.FirstHeld == HeldReadings.None ? window.LastHeld : window.FirstHeld;
        window.HeldCount++;
    }

    /// <summary>The window of aggregates that start at this time. Its readings, if there are any beside, become part of them.</summary>
    public ref Window Aggregated(int track, long time)
    {
        ref Window window = ref At(track, time);
        Aggregate(ref window);
        return ref window;
    }

    /// <summary>One object for equal texts, so that what is kept does not depend on how many readings have them.</summary>
    public string Shared(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
        {
            return known;
        }
        _textCharacters += text.Length;
        if (_textCharacters <= limits.TextCharacters)
        {
            _texts.Add(text);
        }
        return text;
    }

    /// <summary>How many readings and entries of aggregates there are to be written.</summary>
    /// <exception cref="ThinningRefusedException">Of some aggregates others are missing.</exception>
    public long CountValues()
    {
        long count = 0;
        foreach (ref readonly Window window in CollectionsMarshal.AsSpan(_windows))
        {
            ThinnedSeries series = _tracks[window.Track].Series;
            if (!window.IsComplete(series.Kind))
            {
                throw new ThinningRefusedException($"Of the aggregates of {series.Name} some are missing.");
            }
            count += window.IsAggregated ? AggregateFunctions.Of(series.Kind).Length + (window.Failed > 0 ? 1 : 0) : window.HeldCount;
        }
        return count;
    }

    /// <summary>Closes all windows. What the series are, and the clocks, stays known.</summary>
    public void StartAnew()
    {
        _windows.Clear();
        _windowIndex.Clear();
        CollectionsMarshal.AsSpan(_lastWindow).Fill(-1);
        _held.Clear();
        _texts.Clear();
        _textCharacters = 0;
    }

    /// <summary>By clock, then by series, in the order of their names, then by time.</summary>
    /// <returns>What <see cref="WindowAt"/> takes.</returns>
    public int[] InOrder()
    {
        // Indices, as windows are large.
        int[] order = [.. Enumerable.Range(0, _windows.Count)];
        Array.Sort(order, Compare);
        return order;
    }

    public ref readonly Window WindowAt(int index) => ref CollectionsMarshal.AsSpan(_windows)[index];

    private int Compare(int left, int right)
    {
        ref readonly Window first = ref WindowAt(left);
        ref readonly Window second = ref WindowAt(right);
        WindowTrack a = _tracks[first.Track];
        WindowTrack b = _tracks[second.Track];
        int order = a.Clock.CompareTo(b.Clock);
        order = order != 0 ? order : string.CompareOrdinal(a.Series.Name, b.Series.Name);
        order = order != 0 ? order : a.Seconds.CompareTo(b.Seconds);
        return order != 0 ? order : first.Start.CompareTo(second.Start);
    }

    private void Aggregate(ref Window window)
    {
        window.IsAggregated = true;
        _held.Release(window.FirstHeld, window.LastHeld);
        (window.FirstHeld, window.LastHeld, window.HeldCount) = (HeldReadings.None, HeldReadings.None, 0);
    }

    private ref Window At(int track, long time)
    {
        long start = _tracks[track].StartOf(time);
        int last = _lastWindow[track];
        if (last >= 0 && _windows[last].Start == start)
        {
            return ref CollectionsMarshal.AsSpan(_windows)[last];
        }
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_windowIndex, (track, start), out bool exists);
        if (!exists)
        {
            if (_windows.Count >= limits.Windows)
            {
                _windowIndex.Remove((track, start));
                _hasTooManyWindows = true;
                _unkept = Window.At(track, start);
                return ref _unkept;
            }
            index = _windows.Count;
            _windows.Add(Window.At(track, start));
        }
        _lastWindow[track] = index;
        return ref CollectionsMarshal.AsSpan(_windows)[index];
    }
}
