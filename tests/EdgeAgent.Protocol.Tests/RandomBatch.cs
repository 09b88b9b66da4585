using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>A batch of everything that readings can be: extremes, absences, disorder. The same for the same seed.</summary>
internal sealed class RandomBatch
{
    private static readonly double[] Extremes =
    [
        0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF), BitConverter.Int64BitsToDouble(unchecked((long)0xFFF0_0000_0000_0001)),
        double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 9007199254740992,
        9007199254740993e1, -9007199254740992, 1e22, 1e23, 1e-22, 1e-23, 123e22, 0.1, 0.3, 1 / 3.0, 22.0666666666667, 4503599627370497.5,
    ];

    private static readonly long[] ExtremeTimes = [long.MinValue, long.MaxValue, 0, -1, 1, long.MinValue + 1, 1_700_000_000_123_456_789];

    private static readonly string[] SomeTexts = ["", "on", "off", "Ü", "a\tb\n", "\U0001F321", new string('x', 300)];

    private readonly Random _random;

    public RandomBatch(int seed)
    {
        _random = new Random(seed);
        int series = _random.Next(1, 12);
        long commonTime = 1_700_000_000_000_000_000;
        List<long> commonTimes = [.. Enumerable.Range(0, 300).Select(i => commonTime + (i * 60_000_000_000) + (_random.Next(-1, 2) * 1_000_000_000L))];
        for (uint reference = 1; reference <= series; reference++)
        {
            var kind = (SeriesKind)_random.Next(1, 4);
            int count = _random.Next(4) == 0 ? 1 : _random.Next(1, 250);
            Func<int, long> time = Times(commonTimes);
            Func<double> number = Numbers();
            bool allGood = _random.Next(2) == 0;
            for (int i = 0; i < count; i++)
            {
                Quality quality = allGood || _random.Next(3) > 0 ? Quality.Good : (Quality)_random.Next(7);
                double value = kind == SeriesKind.Boolean ? _random.Next(2) : number();
                string? text = kind == SeriesKind.Text && quality < Quality.NoResponse ? SomeTexts[_random.Next(SomeTexts.Length)] : null;
                Readings.Add((reference, kind, time(i), value, text, quality));
            }
        }
        if (_random.Next(2) == 0)
        {
            Shuffle();
        }
    }

    public List<(uint Series, SeriesKind Kind, long Time, double Number, string? Text, Quality Quality)> Readings { get; } = [];

    public TestSeries Series => new([.. Readings.DistinctBy(reading => reading.Series)
        .Select(reading => new SeriesDefinition { Ref = reading.Series, Name = $"s{reading.Series}", Unit = "Cel", Kind = reading.Kind, Labels = { ["room"] = "2.17" } })]);

    public Dictionary<uint, SeriesReadings> Expected()
    {
        var expected = new Dictionary<uint, SeriesReadings>();
        foreach ((uint series, SeriesKind kind, long time, double number, string? text, Quality quality) in Readings)
        {
            expected.TryAdd(series, new SeriesReadings(kind));
            expected[series].Add(time, number, text, quality);
        }
        return expected;
    }

    public void AddTo(BatchEncoder encoder)
    {
        foreach ((uint series, SeriesKind kind, long time, double number, string? text, Quality quality) in Readings)
        {
            encoder.Add(series, kind, time, number, text, quality);
        }
    }

    private Func<int, long> Times(List<long> common) => _random.Next(4) switch
    {
        0 => i => common[i],
        1 => _ => _random.NextInt64(long.MinValue, long.MaxValue),
        2 => _ => ExtremeTimes[_random.Next(ExtremeTimes.Length)],
        _ => i => common[0] + (i * 1_000_000L) + _random.Next(1000),
    };

    private Func<double> Numbers()
    {
        int decimals = _random.Next(0, 16);
        double scale = Math.Pow(10, decimals);
        return _random.Next(6) switch
        {
            0 => () => Extremes[_random.Next(Extremes.Length)],
            1 => () => BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue)),
            2 => () => _random.Next(20) == 0 ? _random.NextDouble() : _random.Next(-5000, 5000) / 100.0,
            3 => () => _random.NextInt64(-(1L << 53), 1L << 53) / scale,
            4 => () => _random.Next(1000) * 1e20,
            _ => () => Math.Round(_random.NextDouble() * 1000, Math.Min(decimals, 15)),
        };
    }

    private void Shuffle()
    {
        for (int i = Readings.Count - 1; i > 0; i--)
        {
            int other = _random.Next(i + 1);
            (Readings[i], Readings[other]) = (Readings[other], Readings[i]);
        }
    }
}
