using EdgeAgent.Sensors.Gpio.Modes;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>What the counters remember of earlier runs and configurations, and what later ones will. Its file is first read when there is a counter. Any thread.</summary>
internal sealed partial class CounterMemory(CounterFile file, ILogger<CounterMemory> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, PulseCounter> _counters = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<UInt128, long>? _remembered;
    private long _savedSum = -1;
    private bool _isRefusalTold;

    /// <summary>Complete once there has been a counter: until then there is nothing to keep.</summary>
    public Task Begun => _begun.Task;

    /// <summary>A counter that goes on where it was; from here on it is remembered.</summary>
    public PulseCounter Create(string series, PulseOptions options, LineFlags edges)
    {
        lock (_gate)
        {
            _remembered ??= Read();
            UInt128 name = CounterFile.NameOf(series);
            var counter = new PulseCounter(options, edges, _remembered.GetValueOrDefault(name));
            _counters[name] = counter;
            _begun.TrySetResult();
            return counter;
        }
    }

    /// <summary>The counter of the series counts no more. Where one is created for it again, it goes on from there.</summary>
    public void Release(string series)
    {
        lock (_gate)
        {
            UInt128 name = CounterFile.NameOf(series);
            if (_counters.Remove(name, out PulseCounter? counter))
            {
                // Behind the others: where there is no room for all, the oldest are forgotten.
                _remembered!.Remove(name);
                _remembered = _remembered.Prepend(KeyValuePair.Create(name, counter.Count)).ToDictionary();
            }
        }
    }

    /// <summary>Writes down where the counters are, unless nothing was counted since the last time.</summary>
    public void Save(bool isEnd)
    {
        lock (_gate)
        {
            var own = _counters.Select(counter => (counter.Key, counter.Value.Count)).ToList();
            (UInt128, long)[] others = _remembered is null ? [] : [.. _remembered.Where(counter => !_counters.ContainsKey(counter.Key)).Select(counter => (counter.Key, counter.Value))];
            // Of all that is remembered, so that what one counted before it was taken out counts as well.
            long sum = own.Sum(counter => counter.Count) + others.Sum(counter => counter.Item2);
            if (!_begun.Task.IsCompleted || (sum == _savedSum && !isEnd))
            {
                return;
            }
            if (file.TryWrite([.. own, .. others], isEnd))
            {
                (_savedSum, _isRefusalTold) = (sum, false);
            }
            else if (!_isRefusalTold)
            {
                _isRefusalTold = true;
                Log.NotSaved(logger);
            }
        }
    }

    private Dictionary<UInt128, long> Read()
    {
        if (file.TryRead(out IReadOnlyList<(UInt128 Name, long Pulses)> counters, out bool isClean) && !isClean)
        {
            Log.Unclean(logger);
        }
        return counters.DistinctBy(counter => counter.Name).ToDictionary(counter => counter.Name, counter => counter.Pulses);
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
