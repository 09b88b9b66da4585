using EdgeAgent.Batching;

namespace EdgeAgent.Processing;

/// <summary>
/// Open windows of one length, in the order in which they were opened, which is that in which they are due: a window closes when its length has passed since its first
/// reading came, on a clock that only counts. So whatever a device thinks the time is, no reading waits longer than that for another one.
/// </summary>
internal sealed class OpenWindows(TimeSpan length)
{
    private readonly LinkedList<SeriesWindow> _windows = new();
    private long _held;

    /// <summary>When the next window is to be closed; <see cref="TimeSpan.MaxValue"/> where none is open.</summary>
    public TimeSpan Due => _windows.First is { } first ? first.Value.Since + length : TimeSpan.MaxValue;

    public Risk Risk => _windows.First is { } first ? Risk.None.With(_held, first.Value.Since) : Risk.None;

    public SeriesWindow? First => _windows.First?.Value;

    public void Opened(SeriesWindow window)
    {
        _windows.AddLast(window.Place);
        _held += window.Held;
    }

    public void Held() => _held++;

    public void Closed(SeriesWindow window)
    {
        _windows.Remove(window.Place);
        _held -= window.Held;
    }
}
