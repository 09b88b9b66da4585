using System.Collections.Concurrent;
using EdgeAgent.Pacing;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Diagnostics.Limits;

/// <summary>
/// How much of the same may be logged, so that a broken sensor cannot fill a card. What is the same is decided in two steps: a place is a sentence of the program
/// (the category, and the event that the source generator made of the method); a subject is what the sentence is about, which is its first value where that is a
/// text, such as a sensor's name. So two sensors do not silence each other before very many of them fail together.
/// <code>
/// each subject   20 lines at once, then one a minute, which says how many were left out since the one before
/// each place     100 lines at once, then ten a minute
/// debug, trace   ten times as much: a person has asked for them
/// </code>
/// What is left out is counted: the next line of its subject says how many, or, once there has been none for a minute, a line for all such subjects of the place. One place
/// can so write 16,000 lines a day, some 3 MB.
/// </summary>
internal sealed class LogLimits : IDisposable
{
    /// <summary>Enough of one thing to see what it is, and how often it comes.</summary>
    public const int SubjectBurst = 20;

    /// <summary>Five sensors that all say everything.</summary>
    public const int PlaceBurst = 100;

    /// <summary>How many lines a place may write in a <see cref="Period"/> once its burst is used.</summary>
    public const int PlacePerPeriod = 10;

    /// <summary>What a line is let through after, and how long it is waited for a next one before those left out are told of.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>For levels that somebody has asked for.</summary>
    private const int Talkative = 10;

    /// <summary>The program has some 200 sentences, and libraries a few; whatever comes beyond shares one place.</summary>
    private const int MostPlaces = 1_000;

    private readonly ConcurrentDictionary<(string Category, int Event), LogPlace> _places = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public LogLimits(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(static limits => ((LogLimits)limits!).Sweep(), this, Period, Period);
    }

    /// <summary>The place of a sentence.</summary>
    public LogPlace Of(string category, EventId sentence, LogLevel level, ILogger logger)
    {
        (string, int) key = (category, sentence.Id);
        if (_places.TryGetValue(key, out LogPlace? place))
        {
            return place;
        }
        key = _places.Count < MostPlaces ? key : ("", 0);
        return _places.GetOrAdd(key, static (_, made) => made.Self.Make(made.Sentence, made.Level, made.Logger), (Self: this, Sentence: sentence, Level: level, Logger: logger));
    }

    public void Dispose() => _sweep.Dispose();

    private LogPlace Make(EventId sentence, LogLevel level, ILogger logger)
    {
        int factor = level <= LogLevel.Debug ? Talkative : 1;
        TimeSpan period = Period / factor;
        return new LogPlace(_time, logger, level, sentence, new CellRate(period, SubjectBurst * factor), new CellRate(period / PlacePerPeriod, PlaceBurst * factor));
    }

    private void Sweep()
    {
        // Not over Values, which is a copy.
        foreach ((_, LogPlace place) in _places)
        {
            place.TellWhatIsLeft();
        }
    }
}
