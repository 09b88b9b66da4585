using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;

namespace EdgeAgent.Torture.Week;

/// <summary>Sensors that are read once a second each: slow changes and noise, two digits behind the point.</summary>
internal sealed class Plant
{
    private static readonly long Start = (new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks * 100;

    private readonly SeriesId[] _series;
    private readonly int[] _hundredths;
    private readonly Random _random = new(1);
    private readonly int _noise;

    public Plant(SeriesCatalog catalog, int sensors, int noise)
    {
        _noise = noise;
        _series = [.. Enumerable.Range(0, sensors).Select(i => Register(catalog, i))];
        _hundredths = [.. Enumerable.Range(0, sensors).Select(i => 2_000 + (10 * i))];
    }

    public async ValueTask ReadAsync(ReadingChannel channel, long second)
    {
        for (int i = 0; i < _series.Length; i++)
        {
            _hundredths[i] += _random.Next(-_noise, _noise + 1);
            Reading reading = Reading.OfNumber(_series[i], Start + (second * 1_000_000_000), _hundredths[i] / 100.0);
            if (!channel.TryWrite(reading))
            {
                await channel.WriteAsync(reading, CancellationToken.None);
            }
        }
    }

    private static SeriesId Register(SeriesCatalog catalog, int i) =>
        catalog.TryRegister($"plant/machine-{i}/temperature", "Cel", new Dictionary<string, string>(), SeriesKind.Number, SpoolLane.Live, out Series? series)
            ? series.Id
            : throw new InvalidOperationException("The catalog is full.");
}
