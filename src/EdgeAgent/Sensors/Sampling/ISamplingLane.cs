namespace EdgeAgent.Sensors.Sampling;

/// <summary>What begins sensors when they are due: <see cref="TimerLane"/> with a timer, <see cref="PreciseLane"/> with a thread.</summary>
internal interface ISamplingLane
{
    SamplingSchedule Schedule { get; }

    /// <summary>The agent stops: nothing is begun any more.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Takes a sensor in, also while others are read.</summary>
    void Add(SampledSensor sensor);

    /// <summary>What was added is read from now on.</summary>
    void Start();

    /// <summary>Takes a sensor back. Any thread.</summary>
    /// <param name="sensor">Its attempt is over.</param>
    /// <param name="slots">After how many intervals it is to be read again.</param>
    /// <returns>How many polls had to be left out.</returns>
    long Return(SampledSensor sensor, long slots);
}
