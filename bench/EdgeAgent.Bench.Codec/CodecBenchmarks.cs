using System.Buffers;
using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using EdgeAgent.Bench.Codec.Rows;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Bench.Codec;

/// <summary>Times and bytes allocated are those of one reading. Decoding starts from serialized bytes on both sides.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly BatchEncoder _encoder = new();
    private readonly BatchDecoder _decoder = new(new DecodeLimits());
    private readonly ArrayBufferWriter<byte> _output = new(1 << 22);
    private Telemetry _telemetry = Telemetry.Create(TelemetryKind.Synthetic);
    private byte[][] _plain = [];
    private byte[][] _gzip = [];
    private byte[][] _rows = [];

    [Params(TelemetryKind.OfficeHours, TelemetryKind.Synthetic)]
    public TelemetryKind Data { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _telemetry = Telemetry.Create(Data);
        _plain = [.. EncodeEach(BatchCompression.None)];
        _gzip = [.. EncodeEach(BatchCompression.Gzip)];
        _rows = [.. _telemetry.Batches.Select(batch => Rows(batch).ToByteArray())];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Telemetry.Readings)]
    public int EncodeRows()
    {
        _output.ResetWrittenCount();
        foreach (ArraySegment<Sample> batch in _telemetry.Batches)
        {
            Rows(batch).WriteTo(_output);
        }
        return _output.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public int EncodeColumns() => Encode(BatchCompression.None);

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public int EncodeColumnsGzip() => Encode(BatchCompression.Gzip);

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public int EncodeColumnsBrotli() => Encode(BatchCompression.Brotli);

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public double DecodeRows()
    {
        double sum = 0;
        foreach (byte[] bytes in _rows)
        {
            foreach (Row row in RowBatch.Parser.ParseFrom(bytes).Rows)
            {
                sum += row.Number + row.Text.Length + row.UnixNanoseconds;
            }
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public double DecodeColumns() => Decode(_plain);

    [Benchmark(OperationsPerInvoke = Telemetry.Readings)]
    public double DecodeColumnsGzip() => Decode(_gzip);

    /// <summary>Bytes a reading of each encoding.</summary>
    public string Sizes()
    {
        double readings = Telemetry.Readings;
        double rowsGzip = _rows.Sum(bytes =>
        {
            using var gzip = new MemoryStream();
            using (var stream = new GZipStream(gzip, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                stream.Write(bytes);
            }
            return gzip.Length;
        });
        return $"{Data}: rows {_rows.Sum(bytes => bytes.Length) / readings:F2}, rows gzip {rowsGzip / readings:F2}, "
            + $"columns {_plain.Sum(bytes => bytes.Length) / readings:F2}, columns gzip {_gzip.Sum(bytes => bytes.Length) / readings:F2}, "
            + $"columns Brotli {EncodeEach(BatchCompression.Brotli).Sum(bytes => bytes.Length) / readings:F2} bytes a reading";
    }

    private static RowBatch Rows(ArraySegment<Sample> batch)
    {
        var rows = new RowBatch();
        foreach (Sample sample in batch)
        {
            rows.Rows.Add(new Row { Series = sample.Series, UnixNanoseconds = sample.UnixNanoseconds, Number = sample.Number, Text = sample.Text ?? "" });
        }
        return rows;
    }

    private List<byte[]> EncodeEach(BatchCompression compression)
    {
        var stored = new List<byte[]>();
        _encoder.ForgetDictionary();
        foreach (ArraySegment<Sample> batch in _telemetry.Batches)
        {
            _output.ResetWrittenCount();
            Encode(batch, compression);
            stored.Add(_output.WrittenSpan.ToArray());
        }
        return stored;
    }

    private int Encode(BatchCompression compression)
    {
        _output.ResetWrittenCount();
        foreach (ArraySegment<Sample> batch in _telemetry.Batches)
        {
            Encode(batch, compression);
        }
        return _output.WrittenCount;
    }

    private void Encode(ArraySegment<Sample> batch, BatchCompression compression)
    {
        foreach (Sample sample in batch)
        {
            _encoder.Add(sample.Series, sample.Kind, sample.UnixNanoseconds, sample.Number, sample.Text, Quality.Good);
        }
        _encoder.Encode(1, _telemetry, compression, _output);
    }

    private double Decode(byte[][] stored)
    {
        var sink = new CountingSink();
        foreach (byte[] bytes in stored)
        {
            if (!_decoder.TryDecode(Record.Parser.ParseFrom(bytes), sink, out DecodeError error))
            {
                throw new InvalidOperationException(error.ToString());
            }
        }
        return sink.Sum;
    }
}
