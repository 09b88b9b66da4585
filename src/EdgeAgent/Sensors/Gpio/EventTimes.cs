using EdgeAgent.Clock;

namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// Makes the time of a reading of the kernel's timestamp: the agent's clock less the event's age. So a step of the wall clock moves no event, and where the
/// time is not known yet the reading's is provisional like all others. Taken once for all events that are read together, which keeps their distances exact.
/// </summary>
/// <param name="Now">By the agent's clock.</param>
/// <param name="KernelNow">The same instant, on the clock of the events.</param>
internal readonly record struct EventTimes(ReadingTime Now, long KernelNow)
{
    public ReadingTime At(long timestamp) => Now with { UnixNanoseconds = Now.UnixNanoseconds - (KernelNow - timestamp) };
}
