using System.IO.Compression;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Protocol.Tests;

/// <summary>
/// The stored form, byte by byte. These bytes lie on the flash of devices in the field: a test that fails here says that old
/// buffers may not be readable any more. docs/protocol.md explains the same example.
/// </summary>
public sealed class GoldenBytesTests
{
    private const long Start = 1_700_000_000_000_000_000;
    private const long Second = 1_000_000_000;

    /// <summary>What follows # explains.</summary>
    internal const string Example = """
        10 0F                                              # Record.readings = 15
        1A 96 01                                           # Record.batch, 150 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds = 1700000000000000000, fixed
        10 05                                              #   dictionary = 5
        1A 20                                              #   definition, 32 bytes
        08 01                                              #     ref = 1
        12 09 72 6F 6F 6D 2F 74 65 6D 70                   #     name = "room/temp"
        1A 03 43 65 6C                                     #     unit = "Cel"
        22 0A 0A 05 66 6C 6F 6F 72 12 01 32                #     labels = {"floor": "2"}
        28 01                                              #     kind = number
        1A 0F                                              #   definition, 15 bytes
        08 02                                              #     ref = 2
        12 09 72 6F 6F 6D 2F 64 6F 6F 72                   #     name = "room/door"
        28 02                                              #     kind = boolean
        1A 0E                                              #   definition, 14 bytes
        08 03                                              #     ref = 3
        12 08 72 6F 6F 6D 2F 66 61 6E                      #     name = "room/fan"
        28 03                                              #     kind = text
        22 0B                                              #   time column 0, 11 bytes; decimals = 0 (seconds), first = 0
        08 05                                              #     count = 5
        20 B0 09                                           #     step = 600, zigzag 1200
        2A 04 00 00 02 01                                  #     deviations = 0, 0, 1, -1: the fourth reading came a second late
        2A 10                                              #   block, 16 bytes; times = 0
        08 01                                              #     series = 1
        1A 0C                                              #     decimals, 12 bytes
        08 03                                              #       exponent = -2
        10 01                                              #       delta = true
        1A 06 DA 21 02 00 04 09                            #       mantissas = 2157, +1, +0, +2, -5
        2A 09                                              #   block, 9 bytes
        08 02                                              #     series = 2
        2A 05 08 05 12 01 0D                               #     booleans, 5 bytes: count = 5, bits 1 0 1 1 0 from the least significant on
        2A 1C                                              #   block, 28 bytes
        08 03                                              #     series = 3
        32 10                                              #     texts, 16 bytes
        0A 02 6F 6E                                        #       "on"
        0A 03 6F 66 66                                     #       "off"
        12 05 00 00 01 01 00                               #       indices = on, (filler), off, off, on
        42 06 08 01 10 01 18 02                            #     quality run: first = 1, count = 1, no response
        """;

    /// <summary>Two minutes of t, 60 and 59 readings, none below 1.5; and one reading of s that stayed as it was.</summary>
    private const string Thinned = """
        10 01                                              # Record.readings = 1: aggregates are none
        1A 81 01                                           # Record.batch, 129 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds
        10 89 80 80 80 80 80 80 80 01                      #   dictionary = 9, thinned once: 9 | 1 << 56
        1A 19                                              #   definition, 25 bytes
        08 01                                              #     ref = 1
        12 0A 74 3A 63 6F 75 6E 74 3A 31 6D                #     name = "t:count:1m"
        28 01                                              #     kind = number
        32 07 08 04 10 3C 1A 01 74                         #     aggregate: function = count, window_seconds = 60, of = "t"
        1A 1C                                              #   definition, 28 bytes
        08 02                                              #     ref = 2
        12 08 74 3A 6D 69 6E 3A 31 6D                      #     name = "t:min:1m"
        1A 03 43 65 6C                                     #     unit = "Cel"
        28 01                                              #     kind = number
        32 07 08 01 10 3C 1A 01 74                         #     aggregate: function = minimum, window_seconds = 60, of = "t"
        1A 07                                              #   definition, 7 bytes
        08 03                                              #     ref = 3
        12 01 73                                           #     name = "s"
        28 01                                              #     kind = number
        22 04 08 02 20 78                                  #   time column 0: count = 2, step = 60; of both aggregates
        22 04 08 01 18 0A                                  #   time column 1: count = 1, first = 5
        3A 08                                              #   aggregates, 8 bytes; times = 0
        08 01                                              #     series = 1
        1A 04 1A 02 78 76                                  #     decimals: mantissas = 60, 59
        3A 0A                                              #   aggregates, 10 bytes; times = 0
        08 02                                              #     series = 2
        1A 06 08 01 1A 02 1E 1E                            #     decimals: exponent = -1, mantissas = 15, 15
        2A 08                                              #   block, 8 bytes
        08 03                                              #     series = 3
        10 01                                              #     times = 1
        1A 02 18 0E                                        #     decimals: mantissa = 7
        """;

    private static readonly TestSeries ThinnedSeries = new(
        new SeriesDefinition
        {
            Ref = 1,
            Name = "t:count:1m",
            Kind = SeriesKind.Number,
            Aggregate = new Aggregate { Function = AggregateFunction.Count, WindowSeconds = 60, Of = "t" },
        },
        new SeriesDefinition
        {
            Ref = 2,
            Name = "t:min:1m",
            Unit = "Cel",
            Kind = SeriesKind.Number,
            Aggregate = new Aggregate { Function = AggregateFunction.Minimum, WindowSeconds = 60, Of = "t" },
        },
        new SeriesDefinition { Ref = 3, Name = "s", Kind = SeriesKind.Number });

    private const string Exceptions = """
        10 05                                              # Record.readings = 5
        1A 38                                              # Record.batch, 56 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds
        10 05                                              #   dictionary = 5
        22 06 08 05 10 09 20 02                            #   time column: count = 5, decimals = 9 (nanoseconds), step = 1, no deviations
        2A 23                                              #   block, 35 bytes
        08 01                                              #     series = 1
        1A 1F                                              #     decimals, 31 bytes
        08 01                                              #       exponent = -1
        1A 05 1E 1E 00 1E 00                               #       mantissas, plain: 15, 15, filler, 15, filler
        22 02 02 02                                        #       exception_positions: 2, 2 + 2
        2A 10 34 33 33 33 33 33 D3 3F                      #       exception_values: 0.1 + 0.2, which is not 0.3,
              00 00 00 00 00 00 00 80                      #                         -0.0
        """;

    private const string Doubles = """
        10 01                                              # Record.readings = 1
        1A 1F                                              # Record.batch, 31 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds
        10 05                                              #   dictionary = 5
        22 02 08 01                                        #   time column: count = 1
        2A 0E                                              #   block, 14 bytes
        08 01                                              #     series = 1
        22 0A 0A 08 9C 75 00 88 3C E4 37 7E                #     doubles: 1e300
        """;

    private const string Single = """
        10 01                                              # Record.readings = 1
        1A 1A                                              # Record.batch, 26 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds
        10 05                                              #   dictionary = 5
        22 02 08 01                                        #   time column: count = 1
        2A 09                                              #   block, 9 bytes
        08 01                                              #     series = 1
        1A 05 08 03 18 DA 21                               #     decimals: exponent = -2, the only mantissa 2157 unpacked
        """;

    private const string InflatedTexts = """
        09 00 00 2A 36 FE 9C 97 17                         # base_time_unix_nanoseconds
        10 05                                              # dictionary = 5
        22 04 08 7F 20 02                                  # time column: count = 127, step = 1
        2A 8A 01                                           # block, 138 bytes
        08 03                                              #   series = 3
        32 85 01                                           #   texts, 133 bytes
        0A 02 6F 6E                                        #     "on"
        12 7F                                              #     indices, 127 bytes: all 0, which follow in the test

        """;

    private const string Expected = """
        10 01                                              # Record.readings = 1
        1A 27                                              # Record.batch, 39 bytes
        09 00 00 2A 36 FE 9C 97 17                         #   base_time_unix_nanoseconds
        10 05                                              #   dictionary = 5
        1A 0B                                              #   definition, 11 bytes
        08 01                                              #     ref = 1
        12 02 61 62                                        #     name = "ab"
        28 01                                              #     kind = number
        38 90 4E                                           #     expected_interval_milliseconds = 10000
        22 02 08 01                                        #   time column: count = 1
        2A 09                                              #   block, 9 bytes
        08 01                                              #     series = 1
        1A 05 08 03 18 DA 21                               #     decimals: exponent = -2, mantissa 2157
        """;

    private static readonly TestSeries Series = new(
        new SeriesDefinition { Ref = 1, Name = "room/temp", Unit = "Cel", Labels = { ["floor"] = "2" }, Kind = SeriesKind.Number },
        new SeriesDefinition { Ref = 2, Name = "room/door", Kind = SeriesKind.Boolean },
        new SeriesDefinition { Ref = 3, Name = "room/fan", Kind = SeriesKind.Text });

    private readonly BatchEncoder _encoder = new();

    [Fact]
    public void Numbers_booleans_texts_qualities_and_definitions()
    {
        long[] seconds = [0, 600, 1200, 1801, 2400];
        double[] temperatures = [21.57, 21.58, 21.58, 21.6, 21.55];
        double[] doors = [1, 0, 1, 1, 0];
        string?[] fans = ["on", null, "off", "off", "on"];
        for (int i = 0; i < seconds.Length; i++)
        {
            long time = Start + (seconds[i] * Second);
            _encoder.Add(1, SeriesKind.Number, time, temperatures[i], null, Quality.Good);
            _encoder.Add(2, SeriesKind.Boolean, time, doors[i], null, Quality.Good);
            _encoder.Add(3, SeriesKind.Text, time, 0, fans[i], fans[i] is null ? Quality.NoResponse : Quality.Good);
        }
        AssertBytes(Example, Codec.Encode(_encoder, Series, dictionary: 5));
    }

    [Fact]
    public void Exceptions_among_decimals()
    {
        NameAll();
        double[] values = [1.5, 1.5, 0.1 + 0.2, 1.5, -0.0];
        for (int i = 0; i < values.Length; i++)
        {
            _encoder.Add(1, SeriesKind.Number, Start + i, values[i], null, Quality.Good);
        }
        AssertBytes(Exceptions, Codec.Encode(_encoder, Series, dictionary: 5));
    }

    [Fact]
    public void Doubles_where_decimals_do_not_pay()
    {
        NameAll();
        _encoder.Add(1, SeriesKind.Number, Start, 1e300, null, Quality.Good);
        AssertBytes(Doubles, Codec.Encode(_encoder, Series, dictionary: 5));
    }

    [Fact]
    public void A_single_reading()
    {
        NameAll();
        _encoder.Add(1, SeriesKind.Number, Start, 21.57, null, Quality.Good);
        AssertBytes(Single, Codec.Encode(_encoder, Series, dictionary: 5));
    }

    [Fact]
    public void A_series_that_is_read_at_a_rate_says_at_which()
    {
        var series = new TestSeries(new SeriesDefinition { Ref = 1, Name = "ab", Kind = SeriesKind.Number, ExpectedIntervalMilliseconds = 10_000 });
        _encoder.Add(1, SeriesKind.Number, Start, 21.57, null, Quality.Good);
        AssertBytes(Expected, Codec.Encode(_encoder, series, dictionary: 5));
    }

    [Fact]
    public void Aggregates_beside_a_reading_that_stayed()
    {
        var encoder = new BatchEncoder();
        for (int i = 0; i < 2; i++)
        {
            encoder.Add(1, SeriesKind.Number, Start + (i * 60 * Second), 60 - i, null, Quality.Good);
            encoder.Add(2, SeriesKind.Number, Start + (i * 60 * Second), 1.5, null, Quality.Good);
        }
        encoder.Add(3, SeriesKind.Number, Start + (5 * Second), 7, null, Quality.Good);
        AssertBytes(Thinned, Codec.Encode(encoder, ThinnedSeries, dictionary: DictionaryId.OfThinned(9, 1)));
    }

    [Fact]
    public void A_gzip_batch_inflates_to_the_bytes_of_the_plain_one()
    {
        NameAll();
        for (int i = 0; i < 127; i++)
        {
            _encoder.Add(3, SeriesKind.Text, Start + (i * Second), 0, "on", Quality.Good);
        }
        byte[] stored = Codec.Encode(_encoder, Series, BatchCompression.Gzip, dictionary: 5);

        // readings = 127, compressed_batch and its length, encoding = gzip, data and its length, gzip's magic number and method.
        Assert.Equal([0x10, 0x7F, 0x22, (byte)(stored.Length - 4), 0x08, 0x01, 0x12, (byte)(stored.Length - 8), 0x1F, 0x8B, 0x08], stored[..11]);
        using var gzip = new GZipStream(new MemoryStream(stored[8..]), CompressionMode.Decompress);
        byte[] inflated = new byte[1024];
        int length = gzip.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
        AssertBytes(InflatedTexts + string.Concat(Enumerable.Repeat("00", 127)), inflated[..length]);
    }

    private void NameAll()
    {
        _encoder.Add(1, SeriesKind.Number, 0, 0, null, Quality.Good);
        _encoder.Add(3, SeriesKind.Text, 0, 0, "", Quality.Good);
        Codec.Encode(_encoder, Series, dictionary: 5);
    }

    private static void AssertBytes(string expected, byte[] actual) =>
        Assert.Equal(
            string.Concat(expected.Split('\n').Select(line => line.Split('#')[0])).Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexString(actual));
}
