using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>What came of a sensor's attempts since it was begun.</summary>
/// <param name="Answered">Attempts that gave a value.</param>
/// <param name="Failed">Attempts that gave none.</param>
/// <param name="FailedInARow">Those since the last value.</param>
/// <param name="Quality">Why there was none the last time; good where there was one, or no attempt yet.</param>
/// <param name="AnsweredAgo">How long ago the last value came; null where none has.</param>
internal readonly record struct SensorTallyView(long Answered, long Failed, long FailedInARow, Quality Quality, TimeSpan? AnsweredAgo);

/// <summary>Counts what comes of the attempts of one sensor. Its attempts write, one at a time; whoever wants to know how the device does reads.</summary>
internal sealed class SensorTally(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _answered, _failed, _failedInARow, _answeredAt;
    private Quality _quality = Quality.Good;

    public SensorTallyView View
    {
        get
        {
            lock (_gate)
            {
                return new SensorTallyView(_answered, _failed, _failedInARow, _quality, _answered == 0 ? null : time.GetElapsedTime(_answeredAt));
            }
        }
    }

    /// <summary>An attempt is over.</summary>
    public void Note(bool hasAnswered, Quality quality)
    {
        lock (_gate)
        {
            _quality = quality;
            if (hasAnswered)
            {
                (_answered, _failedInARow, _answeredAt) = (_answered + 1, 0, time.GetTimestamp());
            }
            else
            {
                (_failed, _failedInARow) = (_failed + 1, _failedInARow + 1);
            }
        }
    }
}
