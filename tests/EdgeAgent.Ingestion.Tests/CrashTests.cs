using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed partial class CrashTests
{
    private const ulong Last = 4_000;
    private const int Readings = 20;

    [Fact]
    public async Task A_service_killed_in_the_middle_of_uploads_has_no_reading_twice_and_none_missing_once_everything_is_sent_again()
    {
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["ca"], ["plant-1"], []);
        ulong highestReceipt = 0;
        for (int kill = 1; kill <= 3; kill++)
        {
            await using ForeignProcess service = StartService(folder);
            (int ingest, _) = await PortsAsync(service);
            using GrpcChannel channel = Channel(folder, ingest);
            var client = new Protocol.V1.Ingest.IngestClient(channel);
            Assert.True((await client.SendAsync(Open(1))).DurableThrough >= highestReceipt);

            // Killed while sessions are under way, at another moment each time.
            Task uploads = UploadUntilBrokenAsync(client, through => highestReceipt = through);
            ulong target = highestReceipt + (ulong)(100 * kill);
            while (Volatile.Read(ref highestReceipt) < target && !uploads.IsCompleted)
            {
                await Task.Yield();
            }
            service.Kill();
            await uploads;
        }
        Assert.InRange(highestReceipt, 1UL, Last - 1);

        await using ForeignProcess revived = StartService(folder);
        (int port, int web) = await PortsAsync(revived);
        using GrpcChannel again = Channel(folder, port);
        ulong durable = (await new Protocol.V1.Ingest.IngestClient(again).SendAsync(Open(1))).DurableThrough;
        Assert.True(durable >= highestReceipt, $"A receipt promised {highestReceipt}, and {durable} is there.");
        UploadReceipt all = await new Protocol.V1.Ingest.IngestClient(again).SendAsync([Open(1), .. Records(1, Last)]);
        Assert.Equal(Last, all.DurableThrough);

        using var http = new HttpClient();
        string csv = await http.GetStringAsync($"http://127.0.0.1:{web}/api/readings?series=plant-1/office/temperature&format=csv");
        double[] values = [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => double.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(StoredReadings.Expected(Readings, [.. Enumerable.Range(1, (int)Last).Select(i => (ulong)i)]), values);
        JsonElement summary = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{web}/api/summary")).RootElement;
        Assert.Equal((long)Last * Readings, summary.GetProperty("readings").GetInt64());
    }

    private static async Task UploadUntilBrokenAsync(Protocol.V1.Ingest.IngestClient client, Action<ulong> received)
    {
        try
        {
            ulong through = (await client.SendAsync(Open(1))).DurableThrough;
            while (through < Last)
            {
                ulong end = Math.Min(Last, through + 25);
                through = (await client.SendAsync([Open(through + 1), .. Records(through + 1, end)])).DurableThrough;
                received(through);
            }
        }
        catch (RpcException)
        {
            // The service was killed, as it should be.
        }
    }

    // Every record names its series, since a record must not depend on one that was sent to a service that died.
    private static IEnumerable<UploadRequest> Records(ulong first, ulong last)
    {
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            yield return Numbers(sequence, Readings, define: true);
        }
    }

    private static ForeignProcess StartService(TemporaryFolder folder) => ForeignProcess.Start(
        "dotnet", Path.Combine(AppContext.BaseDirectory, "edge-ingestion.dll"), "serve",
        "--data", folder["data"], "--listen", "127.0.0.1:0", "--web", "127.0.0.1:0", "--access", "open",
        "--certificate", folder["ca/server.crt"], "--key", folder["ca/server.key"], "--client-ca", folder["ca/ca.crt"]);

    private static async Task<(int Ingest, int Web)> PortsAsync(ForeignProcess service)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Match said = Ports().Match(service.Output);
            if (said.Success)
            {
                return (int.Parse(said.Groups[1].Value, null), int.Parse(said.Groups[2].Value, null));
            }
            if (service.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The service did not start. It printed:\n{service.Output}");
            }
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static GrpcChannel Channel(TemporaryFolder folder, int port)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(folder["ca/device-plant-1.crt"], folder["ca/device-plant-1.key"]);
        X509Certificate2 device = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return RunningService.Connect(port, device, X509CertificateLoader.LoadCertificateFromFile(folder["ca/ca.crt"]));
    }

    [GeneratedRegex(@"connect to 127\.0\.0\.1:(\d+); the page is at http://127\.0\.0\.1:(\d+)/")]
    private static partial Regex Ports();
}
