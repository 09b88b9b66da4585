using EdgeAgent.Sensors.Gpio.Modes;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>What the counters remember of earlier runs, and what later runs will.</summary>
internal sealed partial class CounterMemory
{
    private readonly CounterFile _file;
    private readonly ILogger _logger;
    private readonly Dictionary<UInt128, long> _remembered;
    private readonly List<(UInt128 Name, PulseCounter Counter)> _counters = [];
    private readonly bool _isClean;
    private long _savedSum = -1;
    private bool _isRefusalTold;

    public CounterMemory(CounterFile file, ILogger<CounterMemory> logger)
    {
        (_file, _logger) = (file, logger);
        bool isRead = file.TryRead(out IReadOnlyList<(UInt128 Name, long Pulses)> counters, out _isClean);
        _remembered = counters.DistinctBy(counter => counter.Name).ToDictionary(counter => counter.Name, counter => counter.Pulses);
        if (isRead && !_isClean)
        {
            Log.Unclean(logger);
        }
    }

    /// <summary>A counter that goes on where it was; from here on it is remembered.</summary>
    public PulseCounter Create(string series, PulseOptions options, LineFlags edges)
    {
        UInt128 name = CounterFile.NameOf(series);
        var counter = new PulseCounter(options, edges, _remembered.GetValueOrDefault(name));
        _counters.Add((name, counter));
        return counter;
    }

    /// <summary>Writes down where the counters are, unless nothing was counted since the last time.</summary>
    public void Save(bool isEnd)
    {
        long sum = _counters.Sum(counter => counter.Counter.Count);
        if (_counters.Count == 0 || (sum == _savedSum && !isEnd))
        {
            return;
        }
        var own = _counters.Select(counter => (counter.Name, counter.Counter.Count)).ToList();
        IEnumerable<(UInt128, long)> others = _remembered.Where(counter => own.All(mine => mine.Name != counter.Key)).Select(counter => (counter.Key, counter.Value));
        if (_file.TryWrite([.. own, .. others], isEnd))
        {
            (_savedSum, _isRefusalTold) = (sum, false);
        }
        else if (!_isRefusalTold)
        {
            _isRefusalTold = true;
            Log.NotSaved(_logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "The last run did not end in order: counters go on from where they were up to 10 minutes before its end, and their first readings are uncertain.")]
        public static partial void Unclean(ILogger logger);

        [LoggerMessage(LogLevel.Error, "What was counted cannot be written to flash; a restart would go back to what was written last. Look at the disk of the spool.")]
        public static partial void NotSaved(ILogger logger);
    }
}
