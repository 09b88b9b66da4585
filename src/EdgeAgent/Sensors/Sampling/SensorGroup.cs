namespace EdgeAgent.Sensors.Sampling;

/// <summary>
/// Sensors that share something, such as a bus, where one would wait for the other anyway: they are begun one after another, so that a bus that hangs
/// holds one thread of the pool and not one for each of its sensors. A sensor that waits for its conversion is begun, and holds nobody.
/// </summary>
internal sealed class SensorGroup : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<SampledSensor> _due = new();
    private bool _isRunning;

    /// <returns>True where the caller has to see that <see cref="Execute"/> is called.</returns>
    public bool Add(SampledSensor sensor)
    {
        lock (_gate)
        {
            _due.Enqueue(sensor);
            bool wasRunning = _isRunning;
            _isRunning = true;
            return !wasRunning;
        }
    }

    public void Execute()
    {
        while (TryNext() is { } sensor)
        {
            sensor.Begin();
        }
    }

    private SampledSensor? TryNext()
    {
        lock (_gate)
        {
            _isRunning = _due.TryDequeue(out SampledSensor? sensor);
            return sensor;
        }
    }
}
