using EdgeAgent.Readings;

namespace EdgeAgent.Bench.Sampling;

/// <summary>What the process costs by itself.</summary>
internal sealed class Nothing : ILoad
{
    public ProbeSensor? Fast => null;

    public void Start(ReadingChannel channel)
    {
    }

    public void Dispose()
    {
    }
}
