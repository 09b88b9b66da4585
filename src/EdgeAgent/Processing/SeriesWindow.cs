using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Thinning;

namespace EdgeAgent.Processing;

/// <summary>
/// The window of one series that is open, if one is. It takes readings whose times lie in it, made by one kind of clock; for any other it has to be closed first.
/// So a window may be reported in several parts, each of readings of its own, where readings come out of order: they are combined as docs/protocol.md says of
/// aggregates. What a window says, how its mean is rounded and what its series are called is what <see cref="ReadingThinner"/> does.
/// </summary>
internal sealed class SeriesWindow
{
    private readonly SeriesKind _kind;
    private readonly uint _seconds;
    private readonly (AggregateFunction Function, Series Series)[] _aggregates;
    private Window _window;
    private ClockOffset? _offset;

    private SeriesWindow(Series source, uint seconds, (AggregateFunction Function, Series Series)[] aggregates, TotalBy<RuleEffect> counts) =>
        (_kind, Lane, _seconds, _aggregates, Counts) = (source.Definition.Kind, source.Lane, seconds, aggregates, counts);

    public bool IsOpen { get; private set; }

    /// <summary>When its first reading came.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>How many readings nothing but the window has.</summary>
    public long Held { get; private set; }

    /// <summary>The lane of the readings, and of what is made of them.</summary>
    public SpoolLane Lane { get; }

    /// <summary>Of the rule that it was opened by.</summary>
    public TotalBy<RuleEffect> Counts { get; }

    /// <summary>Its place in <see cref="OpenWindows"/>.</summary>
    public LinkedListNode<SeriesWindow> Place => field ??= new LinkedListNode<SeriesWindow>(this);

    /// <param name="source">Whose readings it takes.</param>
    /// <param name="rule">What is made of them.</param>
    /// <param name="catalog">Where the series of the aggregates are named.</param>
    /// <param name="counts">Of its rule.</param>
    /// <returns>Null where the series of the aggregates cannot be named.</returns>
    public static SeriesWindow? Create(Series source, WindowRule rule, SeriesCatalog catalog, TotalBy<RuleEffect> counts)
    {
        SeriesKind kind = source.Definition.Kind;
        uint seconds = (uint)rule.Length.TotalSeconds;
        var aggregates = new List<(AggregateFunction, Series)>();
        foreach (AggregateFunction function in (ReadOnlySpan<AggregateFunction>)[.. AggregateFunctions.Of(kind), AggregateFunction.Failed])
        {
            if (function != AggregateFunction.Failed && !rule.Functions.Contains(function))
            {
                continue;
            }
            string name = AggregateName.Of(new Aggregate { Function = function, WindowSeconds = seconds, Of = source.Definition.Name });
            string unit = AggregateFunctions.UnitOf(function, kind, source.Definition.Unit);
            if (!catalog.TryDerive(source, name, unit, AggregateFunctions.KindOf(function, kind), source.Lane, rule.Expect(source.Interval), out Series? series))
            {
                return null;
            }
            aggregates.Add((function, series));
        }
        return new SeriesWindow(source, seconds, [.. aggregates], counts);
    }

    /// <summary>Whether the reading belongs into the window that is open.</summary>
    public bool Takes(in Reading reading)
    {
        ClockOffset? offset = reading.Time.Offset;
        // What two clocks say cannot be put into one window. A correction of one clock can.
        bool isSameClock = offset is null == _offset is null && offset?.IsProvisional == _offset?.IsProvisional;
        return IsOpen && isSameClock && WindowTrack.StartOf(TimeOf(reading), _seconds) == _window.Start;
    }

    public void Open(in Reading reading, TimeSpan now)
    {
        (IsOpen, Since, Held, _offset) = (true, now, 0, reading.Time.Offset);
        _window = Window.At(track: 0, WindowTrack.StartOf(reading.UnixNanoseconds, _seconds));
    }

    /// <param name="reading">One that <see cref="Takes"/> is true for.</param>
    /// <param name="isHeld">It is reported by the window alone.</param>
    public void Add(in Reading reading, bool isHeld)
    {
        if (reading.Text is { } text)
        {
            _window.Add(TimeOf(reading), text, reading.Quality);
        }
        else
        {
            _window.Add(TimeOf(reading), reading.Number, reading.Quality);
        }
        Held += isHeld ? 1 : 0;
    }

    /// <summary>Reports what the window holds, and closes it.</summary>
    /// <returns>How many aggregates that are.</returns>
    public int CloseTo(IReadingSink sink, TimeSpan now)
    {
        IsOpen = false;
        int made = 0;
        var time = new ReadingTime(_window.Start, _offset);
        foreach ((AggregateFunction function, Series series) in _aggregates)
        {
            if (function == AggregateFunction.Failed && _window.Failed == 0)
            {
                continue;
            }
            AggregateValue value = AggregateValue.Of(function, _window, _kind);
            sink.Add(Reading.Of(series.Id, time, value.Number, value.Text, value.Quality), series, series.Lane, now);
            made++;
        }
        return made;
    }

    /// <summary>Forgets what the window holds.</summary>
    public void Drop() => IsOpen = false;

    /// <summary>By the clock that the window was opened by: while the true time is not known, what was taken for it may have been corrected meanwhile.</summary>
    private long TimeOf(in Reading reading) => _offset is { IsProvisional: true } offset && reading.Time.Offset is { } own
        ? reading.UnixNanoseconds - own.Nanoseconds + offset.Nanoseconds
        : reading.UnixNanoseconds;
}
