using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Sensors.Sampling;

/// <summary>One of the things that a sensor measures.</summary>
/// <param name="Name">The last level of the series' name.</param>
/// <param name="Unit">UCUM code; empty for a number without one.</param>
/// <param name="Decimals">Decimal places that the sensor resolves; what is behind them is noise that would only cost bytes. 0 to 15.</param>
/// <param name="Kind">A number, or a boolean, whose values are 0 and 1.</param>
internal sealed record Quantity(string Name, string Unit, int Decimals, SeriesKind Kind = SeriesKind.Number);
