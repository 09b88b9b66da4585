using EdgeAgent.Protocol.V1;
using Xunit.Abstractions;

namespace EdgeAgent.Protocol.Tests;

public sealed class OfficeRoomTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, BatchCompression.None)]
    [InlineData(60, BatchCompression.None)]
    [InlineData(60, BatchCompression.Gzip)]
    [InlineData(60, BatchCompression.Brotli)]
    public void All_48858_readings_come_back_exactly(int minutesInABatch, BatchCompression compression)
    {
        var encoder = new BatchEncoder();
        TestSeries series = OfficeRoom.Series;
        int readings = 0;
        for (int first = 0; first < OfficeRoom.Minutes.Count; first += minutesInABatch)
        {
            var expected = new Dictionary<uint, SeriesReadings>();
            int last = Math.Min(first + minutesInABatch, OfficeRoom.Minutes.Count);
            for (int minute = first; minute < last; minute++)
            {
                OfficeRoom.Add(encoder, minute);
                for (uint reference = 1; reference <= OfficeRoom.SeriesCount; reference++)
                {
                    expected.TryAdd(reference, new SeriesReadings(OfficeRoom.KindOf(reference)));
                    expected[reference].Add(OfficeRoom.Minutes[minute].UnixNanoseconds, OfficeRoom.Minutes[minute].Values[reference - 1], null, Quality.Good);
                }
            }

            RecordingSink sink = Codec.Decode(Codec.Encode(encoder, series, compression));

            Assert.Equal(expected.Keys, sink.Series.Keys);
            Assert.All(expected, pair => Assert.Equal(pair.Value.Readings, sink.Series[pair.Key].Readings));
            readings += sink.Count;
        }
        Assert.Equal(48_858, readings);
    }

    [Theory]
    [InlineData(60, BatchCompression.Gzip, 2.0)]
    [InlineData(60, BatchCompression.Brotli, 2.0)]
    [InlineData(60, BatchCompression.None, 2.7)]
    [InlineData(1, BatchCompression.Gzip, 16.0)]
    public void A_reading_takes_few_stored_bytes(int minutesInABatch, BatchCompression compression, double atMost)
    {
        var encoder = new BatchEncoder();
        TestSeries series = OfficeRoom.Series;
        long bytes = 0;
        for (int minute = 0; minute < OfficeRoom.Minutes.Count; minute++)
        {
            OfficeRoom.Add(encoder, minute);
            if ((minute + 1) % minutesInABatch == 0 || minute + 1 == OfficeRoom.Minutes.Count)
            {
                bytes += Codec.Encode(encoder, series, compression).Length;
            }
        }
        double bytesOfAReading = (double)bytes / 48_858;
        output.WriteLine($"{bytesOfAReading:F3} bytes a reading");
        Assert.InRange(bytesOfAReading, 0.5, atMost);
    }
}
