using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol;

/// <summary>What the series are called. Behind it stands the catalog of whoever encodes.</summary>
public interface ISeriesDefinitions
{
    /// <summary>
    /// The definition whose <see cref="SeriesDefinition.Ref"/> is <paramref name="reference"/>. The same one for ever: an encoder
    /// measures it only once. Asked only for references that readings were added under.
    /// </summary>
    SeriesDefinition this[uint reference] { get; }
}
