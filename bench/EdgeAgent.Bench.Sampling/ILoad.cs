using EdgeAgent.Readings;

namespace EdgeAgent.Bench.Sampling;

/// <summary>Sensors that are read until they are disposed of.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>The one whose instants are looked at; null where none is fast.</summary>
    ProbeSensor? Fast { get; }

    void Start(ReadingChannel channel);
}
