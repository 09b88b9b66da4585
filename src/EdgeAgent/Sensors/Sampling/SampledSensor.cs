using System.Runtime.CompilerServices;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// One sensor, attempt after attempt: begun by the lane that took it from its schedule, and returned to it when its outcome is known and sent.
/// An attempt costs no object, also where the sensor waits in between.
/// </summary>
internal sealed partial class SampledSensor
{
    private readonly SensorPlan _plan;
    private readonly ISensor _sensor;
    private readonly ISamplingLane _lane;
    private readonly SensorOutput _output;
    private readonly SensorPatience _patience;
    private readonly SensorJournal _journal;
    private readonly AgentMetrics _metrics;
    private readonly Total _late;
    private readonly Total _answered;
    private readonly Action _finish;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _measuring;
    private ReadingTime _at;
    private bool _wasPresent;
    private volatile bool _isEnding, _isGivenUp;

    public SampledSensor(SensorPlan plan, ReadingSource kind, SensorSlot slot, ISamplingLane lane, SensorGroup group, SamplingSurroundings surroundings)
    {
        (_plan, _sensor, _lane, Slot, Group, _metrics) = (plan, plan.Sensor, lane, slot, group, surroundings.Metrics);
        _output = new SensorOutput(plan, kind, surroundings);
        _patience = new SensorPatience(plan.Options.Interval);
        _journal = new SensorJournal(plan, surroundings.Time, surroundings.Logger);
        _late = surroundings.Metrics.PollsLate.Of(plan.Group);
        _answered = surroundings.Metrics.PollsAnswered.Of(plan.Options.SeriesPrefix);
        _finish = Finish;
        Tally = new SensorTally(surroundings.Time);
    }

    /// <summary>What came of its attempts.</summary>
    public SensorTally Tally { get; }

    public SensorSlot Slot { get; }

    /// <summary>Those that it waits for where timers begin it.</summary>
    public SensorGroup Group { get; }

    /// <summary>No attempt begins any more. Complete when what is under way has been sent, or <see cref="GiveUp"/> was called.</summary>
    public Task EndAsync()
    {
        _isEnding = true;
        return _lane.Schedule.RemoveAsync(this);
    }

    /// <summary>Where the attempt is still under way it hangs: whatever comes of it is not sent.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        _lane.Schedule.GiveUp(this);
    }

    /// <summary>Begins the attempt. Back when the sensor waits for something, or is done.</summary>
    public void Begin()
    {
        if (_isEnding || _lane.Stopping.IsCancellationRequested)
        {
            Return();
            return;
        }
        try
        {
            _at = _lane.Schedule.Stamp(this);
            _wasPresent = _sensor.IsPresent;
            _output.Prepare();
            _measuring = AwaiterOf(_sensor.MeasureAsync(_output.Values, _lane.Stopping));
            if (!_measuring.IsCompleted)
            {
                _measuring.UnsafeOnCompleted(_finish);
                return;
            }
        }
        catch (Exception defect)
        {
            Fail(defect);
            return;
        }
        Finish();
    }

    private static ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter AwaiterOf(ValueTask attempt) => attempt.ConfigureAwait(false).GetAwaiter();

    private void Finish()
    {
        try
        {
            _measuring.GetResult();
        }
        catch (OperationCanceledException) when (_lane.Stopping.IsCancellationRequested)
        {
            Return();
            return;
        }
        catch (Exception defect)
        {
            Fail(defect);
            return;
        }
        if (_isGivenUp)
        {
            Return();
            return;
        }
        _journal.Measured(_wasPresent, _output.Values);
        Send(_sensor.IsPresent);
    }

    /// <summary>A driver that throws is a defect of the program. It costs its own readings, and nothing else.</summary>
    private void Fail(Exception defect)
    {
        if (_isGivenUp)
        {
            // No defect: its hardware has been taken from it.
            Return();
            return;
        }
        _journal.Threw(defect);
        _output.Fail(Quality.Failed);
        Send(isPresent: false);
    }

    private void Send(bool isPresent)
    {
        Answer();
        bool hasAnswered = HasValue(_output.Values) || (isPresent && _output.Values.Length == 0);
        _metrics.PollsFailed.Add(hasAnswered ? 0 : 1);
        _answered.Add(hasAnswered ? 1 : 0);
        Tally.Note(hasAnswered, hasAnswered ? Quality.Good : _output.Values is [var first, ..] ? first.Quality : Quality.NoResponse);
        _output.Send(_at);
        _patience.Tried(isPresent);
        Return();
    }

    private void Return()
    {
        // One that was asked for is in nobody's plan: the sensor waits for the slot that it waited for before.
        long slots = _isAsked ? 0 : _patience.Slots;
        _isAsked = false;
        long missed = _lane.Return(this, slots);
        _journal.Missed(missed);
        _late.Add(missed);
        TakeUp();
    }

    private static bool HasValue(Measured[] values)
    {
        foreach (Measured value in values)
        {
            if (value.Quality < Quality.NoResponse)
            {
                return true;
            }
        }
        return false;
    }
}
