using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Scanning.Live;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>Reads sensors now, through those who own the hardware. What is pushed, such as a door contact or a topic, cannot be asked for.</summary>
internal sealed class ReadRequest(SeriesCatalog catalog, SamplingService? sampling = null) : IRequestHandler
{
    /// <summary>A cabinet's; more at once would hold up their bus.</summary>
    private const int MostSensors = 16;

    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Read;

    public async ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        string series = request.Read.Series.TrimEnd('/');
        SampledSensor[] sensors = [.. (sampling?.Sensors ?? []).Where(sensor => SensorChoice.IsAskedFor(series, sensor.Plan))];
        switch (sensors.Length)
        {
            case 0 when catalog.TryFind(series, out _):
                return RequestResult.Of(RemoteOutcome.Unknown, $"{RequestWords.Plain(series)} is not read at a rate: it comes when its source sends it. \"status\" shows the last value.");
            case 0:
                return RequestResult.Of(RemoteOutcome.Unknown, $"There is no sensor {RequestWords.Plain(series)}. \"status\" lists the series.");
            case > MostSensors:
                return RequestResult.Of(RemoteOutcome.Failed, $"{RequestWords.Plain(series)} names {sensors.Length} sensors. Name {MostSensors} at most.");
        }
        var values = new SensorValues();
        foreach (AskedValues asked in await Task.WhenAll(sensors.Select(sensor => AskAsync(sensor, cancellationToken))).ConfigureAwait(false))
        {
            for (int i = 0; i < asked.Quantities.Count; i++)
            {
                if (SensorChoice.IsAskedFor(series, asked.Plan, asked.Quantities[i]))
                {
                    values.Values.Add(Of(asked.Plan, asked.Quantities[i], asked.Values[i], asked.At.UnixNanoseconds));
                }
            }
        }
        return values.Values.Count == 0
            ? RequestResult.Of(RemoteOutcome.Failed, $"There is no {sensors[0].Plan.Sensor.Description}, or nothing of it can be read.")
            : new RequestResult(new RemoteAnswer { Outcome = RemoteOutcome.Done, Values = values });
    }

    /// <summary>A sensor that learns from its hardware what it measures is asked for that first.</summary>
    private static async Task<AskedValues> AskAsync(SampledSensor sensor, CancellationToken cancellationToken)
    {
        AskedValues asked = await sensor.AskAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return asked.Quantities.Count > 0 ? asked : await sensor.AskAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static SensorValue Of(SensorPlan plan, Quantity quantity, Measured measured, long at)
    {
        var value = new SensorValue { Series = SensorChoice.SeriesOf(plan, quantity), AtUnixNanoseconds = at, Unit = quantity.Unit, Quality = measured.Quality };
        if (measured.Quality >= Quality.NoResponse)
        {
            return value;
        }
        if (quantity.Kind == SeriesKind.Boolean)
        {
            value.Boolean = measured.Value != 0;
        }
        else
        {
            value.Number = Math.Round(measured.Value, quantity.Decimals);
        }
        return value;
    }
}
