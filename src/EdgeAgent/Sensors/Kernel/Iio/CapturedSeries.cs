namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>Where the values of one captured channel go, and what makes readings of its raw values.</summary>
/// <param name="Channel">Its place in the record.</param>
/// <param name="Target">The series.</param>
/// <param name="Factor">From the ABI's unit to that of the series, scale included.</param>
/// <param name="Offset">Added to the raw value first.</param>
/// <param name="Decimals">Decimal places that tell a raw value from its neighbour.</param>
internal sealed record CapturedSeries(ScanChannel Channel, SourceSeries Target, double Factor, double Offset, int Decimals)
{
    public double Value(ReadOnlySpan<byte> record) => Math.Round((ScanLayout.Decode(Channel, record) + Offset) * Factor, Decimals);
}
