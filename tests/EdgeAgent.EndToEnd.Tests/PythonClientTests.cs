using System.Globalization;
using System.Text.Json;
using EdgeAgent.Samples;
using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>A client in another language, on another gRPC, written from docs/protocol.md, against the real service over mutual TLS.</summary>
public sealed class PythonClientTests
{
    private const string Python = "/usr/bin/python3";
    private const string Grpcio = "/usr/lib/python3/dist-packages/grpc/__init__.py";
    private const string SpoolId = "000102030405060708090a0b0c0d0e0f";
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [InstalledFact(Python, Grpcio, "protoc")]
    public async Task A_python_client_uploads_a_session_reads_the_early_headers_and_the_receipt_and_its_readings_are_stored()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await GenerateStubsAsync(cloud);

        JsonElement reply = await UploadAsync(cloud, Cloud.Device, "--records", "3", "--readings-per-record", "300");

        Assert.Equal("0", reply.GetProperty("headers").GetProperty("edge-durable-through").GetString());
        Assert.Contains("gzip", reply.GetProperty("headers").GetProperty("edge-accept-encodings").GetString(), StringComparison.Ordinal);
        AssertReceipt(reply, durableThrough: 3, readingsStored: 900);
        // Numbers of one record as the client computes them: 20 + i * 7 % 100 / 100, a hundred of them, in each of the three records.
        using StoredReadings database = cloud.OpenDatabase();
        double[] temperatures = [.. database.Numbers("python/temperature")];
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => 20 + (double)(i % 100 * 7 % 100) / 100).Order(), temperatures.Order());
        Assert.Equal(900, database.Count());
    }

    [InstalledFact(Python, Grpcio, "protoc")]
    public async Task A_repeated_session_of_a_python_client_stores_nothing_twice_and_a_longer_one_stores_the_rest()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await GenerateStubsAsync(cloud);

        await UploadAsync(cloud, Cloud.Device, "--records", "2", "--gzip");
        JsonElement repeated = await UploadAsync(cloud, Cloud.Device, "--records", "2", "--gzip");
        JsonElement longer = await UploadAsync(cloud, Cloud.Device, "--records", "5", "--gzip");

        Assert.Equal("2", repeated.GetProperty("headers").GetProperty("edge-durable-through").GetString());
        AssertReceipt(repeated, durableThrough: 2, readingsStored: 0);
        AssertReceipt(longer, durableThrough: 5, readingsStored: 900);
        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(1_500, database.Count());
    }

    [InstalledFact(Python, Grpcio, "protoc")]
    public async Task The_same_spool_of_another_device_is_another_spool_because_the_certificate_says_who_it_is()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        await GenerateStubsAsync(cloud);

        await UploadAsync(cloud, Cloud.Device, "--records", "1");
        JsonElement other = await UploadAsync(cloud, "cabinet-8", "--records", "1");

        Assert.Equal("0", other.GetProperty("headers").GetProperty("edge-durable-through").GetString());
        AssertReceipt(other, durableThrough: 1, readingsStored: 300);
        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(600, database.Count());
    }

    private static async Task GenerateStubsAsync(Cloud cloud)
    {
        Directory.CreateDirectory(cloud.Folder["stubs"]);
        string protos = Path.Combine(AppContext.BaseDirectory, "protos");
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "protoc", ["-I", protos, "--python_out", cloud.Folder["stubs"], $"{protos}/edge/v1/reading.proto", $"{protos}/edge/v1/ingest.proto"], Enough);
        Assert.True(exitCode == 0, output);
    }

    private static async Task<JsonElement> UploadAsync(Cloud cloud, string device, params string[] options)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            Python,
            [
                Path.Combine(AppContext.BaseDirectory, "foreign", "python", "upload_client.py"),
                "--target", string.Create(CultureInfo.InvariantCulture, $"localhost:{cloud.Network.Port}"),
                "--ca", $"{cloud.Certificates}/ca.crt", "--cert", $"{cloud.Certificates}/device-{device}.crt", "--key", $"{cloud.Certificates}/device-{device}.key",
                "--protos", cloud.Folder["stubs"], "--spool-id", SpoolId, .. options,
            ],
            Enough);
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output.Split('\n').Last(line => line.StartsWith('{'))).RootElement;
    }

    private static void AssertReceipt(JsonElement reply, long durableThrough, long readingsStored)
    {
        JsonElement receipt = reply.GetProperty("receipt");
        // 64-bit integers are strings in protobuf's JSON mapping.
        Assert.Equal(durableThrough.ToString(CultureInfo.InvariantCulture), receipt.GetProperty("durable_through").GetString());
        Assert.Equal(readingsStored.ToString(CultureInfo.InvariantCulture), receipt.GetProperty("readings_stored").GetString());
    }
}
