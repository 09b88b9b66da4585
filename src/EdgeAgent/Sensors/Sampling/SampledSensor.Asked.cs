using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What an attempt that somebody asked for gave.</summary>
/// <param name="Plan">What was read.</param>
/// <param name="At">When.</param>
/// <param name="Quantities">What was measured; empty where the sensor has not met its hardware yet.</param>
/// <param name="Values">One for each.</param>
internal sealed record AskedValues(SensorPlan Plan, ReadingTime At, IReadOnlyList<Quantity> Quantities, Measured[] Values);

/// <content>
/// Reading a sensor now, because somebody asks: an attempt like all others, by the one who owns the hardware, and its readings are stored like all others. So a
/// counter's rates still add up, and nothing is read twice at a time. Whoever asks meanwhile gets the same answer.
/// </content>
internal sealed partial class SampledSensor : IThreadPoolWorkItem
{
    private TaskCompletionSource<AskedValues>? _asked;
    private AskedValues? _answer;
    private bool _isAsked; // the attempt under way is in no slot

    public SensorPlan Plan => _plan;

    /// <summary>Completes with the attempt that is under way, or else with one that begins now. Never where that hangs; cancelled where the agent stops, or a change of the configuration has ended the sensor.</summary>
    public Task<AskedValues> AskAsync()
    {
        var fresh = new TaskCompletionSource<AskedValues>(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<AskedValues> asked = Interlocked.CompareExchange(ref _asked, fresh, null) ?? fresh;
        TakeUp();
        return asked.Task;
    }

    void IThreadPoolWorkItem.Execute() => Begin();

    /// <summary>The attempt has an outcome. It is told once the sensor is back, so that whoever asks again at once finds it there.</summary>
    private void Answer()
    {
        if (Volatile.Read(ref _asked) is not null)
        {
            _answer = new AskedValues(_plan, _at, [.. _sensor.Quantities.Take(_output.Values.Length)], [.. _output.Values]);
        }
    }

    /// <summary>
    /// Begins what is asked for, unless the sensor is at work: then whoever returns it comes here again, and finds either an answer or a question. Both orders
    /// of asking and returning meet here, so that no question is left until the next slot.
    /// </summary>
    private void TakeUp()
    {
        if (Interlocked.Exchange(ref _answer, null) is { } answer)
        {
            Interlocked.Exchange(ref _asked, null)?.TrySetResult(answer);
        }
        if (_isEnding || _lane.Stopping.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _asked, null)?.TrySetCanceled();
        }
        else if (Volatile.Read(ref _asked) is not null && _lane.Schedule.TryTakeNow(this))
        {
            _isAsked = true;
            // A bus that hangs must not hold whoever asks.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
