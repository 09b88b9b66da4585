using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// All sensors of a lane in order of their dues. A sensor is here, or at work between <see cref="TryTake"/> and <see cref="Return"/>; so it is never
/// begun twice, and one that hangs costs nothing but itself. Any thread.
/// </summary>
internal sealed class SamplingSchedule(SamplingTimeline timeline)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<SampledSensor, long> _waiting = new();
    private readonly List<SampledSensor> _all = [];
    private int _atWork;
    private TaskCompletionSource? _idle;

    /// <summary>Whether there is no sensor, neither waiting nor at work.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _all.Count == 0;
            }
        }
    }

    /// <param name="sensor">Is read from now on.</param>
    /// <param name="lead">How long no slot of it counts yet.</param>
    public void Add(SampledSensor sensor, TimeSpan lead = default)
    {
        lock (_gate)
        {
            long now = timeline.Now;
            Look(now);
            sensor.Slot.Begin(now + (lead.Ticks * TimeSpan.NanosecondsPerTick), timeline.Shift);
            sensor.Slot.Place = SensorPlace.Waiting;
            _all.Add(sensor);
            _waiting.Enqueue(sensor, sensor.Slot.Due);
        }
    }

    /// <summary>Takes a sensor out for good. Complete when it is not at work any more, or was given up.</summary>
    public Task RemoveAsync(SampledSensor sensor)
    {
        lock (_gate)
        {
            if (sensor.Slot.Place == SensorPlace.Waiting)
            {
                _waiting.Remove(sensor, out _, out _);
                Leave(sensor);
                return Task.CompletedTask;
            }
            sensor.Slot.Place = SensorPlace.Leaving;
            sensor.Slot.Left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return sensor.Slot.Left.Task;
        }
    }

    /// <summary>A sensor that is leaving hangs, and is not waited for any longer. What it returns with is nobody's.</summary>
    public void GiveUp(SampledSensor sensor)
    {
        lock (_gate)
        {
            if (sensor.Slot.Place == SensorPlace.Leaving)
            {
                Leave(sensor);
                EndWork();
            }
        }
    }

    /// <summary>The earliest due; <see cref="long.MaxValue"/> where none waits.</summary>
    /// <param name="isAnyAtWork">An earlier due may come with the next <see cref="Return"/>.</param>
    public long NextDue(out bool isAnyAtWork)
    {
        lock (_gate)
        {
            isAnyAtWork = _atWork > 0;
            return _idle is null && _waiting.TryPeek(out _, out long due) ? due : long.MaxValue;
        }
    }

    /// <summary>
    /// A sensor that is due, or so nearly that it is worth no wake-up of its own. The caller begins it, and whatever comes of that, it returns.
    /// </summary>
    public bool TryTake([NotNullWhen(true)] out SampledSensor? sensor)
    {
        lock (_gate)
        {
            long now = timeline.Now;
            Look(now);
            // The earliest one decides: one behind it with a larger tolerance can wait for its own instant.
            if (_idle is not null || !_waiting.TryPeek(out sensor, out long due) || due > now + sensor.Slot.Grid.Tolerance)
            {
                sensor = null;
                return false;
            }
            _waiting.Dequeue();
            sensor.Slot.Place = SensorPlace.AtWork;
            _atWork++;
            return true;
        }
    }

    /// <summary>This sensor, though it is not due: somebody asks for it. It is begun and returned like one that is.</summary>
    /// <returns>False where it is at work already, or nothing is given out any more.</returns>
    public bool TryTakeNow(SampledSensor sensor)
    {
        lock (_gate)
        {
            if (_idle is not null || !_waiting.Remove(sensor, out _, out _))
            {
                return false;
            }
            sensor.Slot.Place = SensorPlace.AtWork;
            _atWork++;
            return true;
        }
    }

    /// <summary>The time of a poll of a taken sensor that begins now.</summary>
    public ReadingTime Stamp(SampledSensor sensor)
    {
        lock (_gate)
        {
            return sensor.Slot.Stamp(timeline);
        }
    }

    /// <summary>The sensor has been read, or has failed.</summary>
    /// <param name="sensor">What was taken.</param>
    /// <param name="slots">After how many slots it is to be read again.</param>
    /// <param name="missed">How many slots passed that it should have been read at.</param>
    /// <returns>When it is due again; <see cref="long.MaxValue"/> where it has left.</returns>
    public long Return(SampledSensor sensor, long slots, out long missed)
    {
        lock (_gate)
        {
            missed = 0;
            switch (sensor.Slot.Place)
            {
                case SensorPlace.AtWork:
                    missed = sensor.Slot.Advance(timeline.Now, slots);
                    sensor.Slot.Place = SensorPlace.Waiting;
                    _waiting.Enqueue(sensor, sensor.Slot.Due);
                    EndWork();
                    return sensor.Slot.Due;
                case SensorPlace.Leaving:
                    Leave(sensor);
                    EndWork();
                    return long.MaxValue;
                default:
                    // Given up long ago.
                    return long.MaxValue;
            }
        }
    }

    /// <summary>Gives nothing out any more. Complete when all that was taken has returned.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_atWork == 0)
            {
                _idle.TrySetResult();
            }
            return _idle.Task;
        }
    }

    private void Leave(SampledSensor sensor)
    {
        _all.Remove(sensor);
        sensor.Slot.Place = SensorPlace.Gone;
        sensor.Slot.Left?.SetResult();
    }

    private void EndWork()
    {
        _atWork--;
        if (_atWork == 0)
        {
            _idle?.TrySetResult();
        }
    }

    /// <summary>Those at work are moved too: they continue from where their slot is by then.</summary>
    private void Look(long now)
    {
        if (!timeline.Look(now))
        {
            return;
        }
        foreach (SampledSensor sensor in _all)
        {
            sensor.Slot.Realign(timeline.Shift);
        }
        // Rare, and bounded by the configuration: the order is made anew.
        (SampledSensor Sensor, long Due)[] waiting = [.. _waiting.UnorderedItems.Select(item => (item.Element, item.Element.Slot.Due))];
        _waiting.Clear();
        _waiting.EnqueueRange(waiting);
    }
}
