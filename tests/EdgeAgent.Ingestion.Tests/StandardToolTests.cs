using System.Globalization;
using System.Net;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Health checks and reflection as tools use them that know nothing of this service but its address.</summary>
public sealed class StandardToolTests
{
    // The messages of grpc.health.v1 are one field each, so they are written by hand: service = 1 (string), status = 1 (enum).
    private const string GrpcioHealth =
        """
        import sys, grpc

        port, ca = sys.argv[1], sys.argv[2]
        read = lambda name: open(f"{ca}/{name}", "rb").read()
        credentials = grpc.ssl_channel_credentials(read("ca.crt"), read("device-tool.key"), read("device-tool.crt"))
        channel = grpc.secure_channel(f"localhost:{port}", credentials)
        statuses = {b"": "UNKNOWN", b"\x08\x01": "SERVING", b"\x08\x02": "NOT_SERVING", b"\x08\x03": "SERVICE_UNKNOWN"}
        request = lambda service: bytes([10, len(service)]) + service.encode() if service else b""
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        for service in ("", "edge.v1.Ingest"):
            print("check", service or "server", statuses[check(request(service))])
        try:
            check(request("edge.v1.Nothing"))
        except grpc.RpcError as error:
            print("check edge.v1.Nothing", error.code().name)
        print("watch edge.v1.Nothing", statuses[next(watch(request("edge.v1.Nothing")))], flush=True)
        watching = watch(request("edge.v1.Ingest"))
        for status in watching:
            print("watch", statuses[status], flush=True)
        print("watch ended with", watching.code().name, flush=True)
        """;

    // Everything that it knows of messages it has from the reflection service.
    private const string GrpcJsReflection =
        """
        const fs = require('node:fs');
        const grpc = require('@grpc/grpc-js');
        const { GrpcReflection } = require('grpc-js-reflection-client');

        const [port, ca] = process.argv.slice(2);
        const read = name => fs.readFileSync(`${ca}/${name}`);
        const address = `localhost:${port}`;
        const credentials = grpc.credentials.createSsl(read('ca.crt'), read('device-tool.key'), read('device-tool.crt'));
        const load = { keepCase: true, longs: Number, enums: String, defaults: true };

        async function main() {
          for (const version of ['v1', 'v1alpha']) {
            console.log(version, 'lists', (await new GrpcReflection(address, credentials, {}, version).listServices()).join(' '));
          }
          const reflection = new GrpcReflection(address, credentials, {}, 'v1');
          for (const service of await reflection.listServices()) {
            console.log(service, 'has', (await reflection.listMethods(service)).map(method => method.name).join(' '));
          }
          await reflection.getDescriptorBySymbol('edge.v1.Nothing').catch(refused => console.log('edge.v1.Nothing:', refused.message));

          const { Ingest } = (await reflection.getDescriptorBySymbol('edge.v1.Ingest')).getPackageObject(load).edge.v1;
          await new Promise((resolve, reject) => {
            const upload = new Ingest(address, credentials).Upload((error, receipt) => {
              if (error) {
                reject(error);
                return;
              }
              console.log('receipt', receipt.durable_through, 'stored', receipt.records_stored, 'readings', receipt.readings_stored);
              resolve();
            });
            // Only the headers let the rest go out: they have to come before the stream of requests ends.
            upload.on('metadata', headers => {
              console.log('headers durable-through', headers.get('edge-durable-through')[0]);
              upload.write({ record: { sequence: 1, readings: 3, batch: {
                base_time_unix_nanoseconds: '1767225600000000000',
                dictionary: 1,
                definitions: [{ ref: 1, name: 'speed', unit: 'm/s', kind: 1 }],
                times: [{ count: 3, decimals: 0, step: 1 }],
                blocks: [{ series: 1, times: 0, decimals: { exponent: -1, mantissas: [5, 15, 25] } }],
              } } });
              upload.end();
            });
            upload.write({ open: { spool_id: Buffer.from('0123456789abcdef'), lane: 2, first_sequence: 1 } });
          });

          const { Health } = (await reflection.getDescriptorBySymbol('grpc.health.v1.Health')).getPackageObject(load).grpc.health.v1;
          const health = new Health(address, credentials);
          for (const service of ['', 'edge.v1.Ingest', 'edge.v1.Nothing']) {
            await new Promise(resolve => health.Check({ service }, (error, response) => {
              console.log('check', service || 'server', error ? grpc.status[error.code] : response.status);
              resolve();
            }));
          }
          const watching = health.Watch({ service: 'edge.v1.Ingest' });
          watching.on('data', response => console.log('watch', response.status));
          watching.on('error', () => {});
          watching.on('status', status => console.log('watch ended with', grpc.status[status.code]));
        }

        main();
        """;

    [InstalledFact("/usr/bin/python3", "/usr/lib/python3/dist-packages/grpc/__init__.py")]
    public async Task A_health_client_of_grpcio_sees_the_service_and_hears_when_it_goes()
    {
        string output = await RunUntilShutdownAsync("/usr/bin/python3", GrpcioHealth, null);

        Assert.Equal(
            """
            check server SERVING
            check edge.v1.Ingest SERVING
            check edge.v1.Nothing NOT_FOUND
            watch edge.v1.Nothing SERVICE_UNKNOWN
            watch SERVING
            watch NOT_SERVING
            watch ended with OK
            """,
            output.TrimEnd());
    }

    [InstalledFact("node", "node:@grpc/grpc-js", "node:grpc-js-reflection-client")]
    public async Task A_reflection_client_that_nobody_here_wrote_learns_the_services_and_calls_them()
    {
        string output = await RunUntilShutdownAsync("node", GrpcJsReflection, NodePeers.Environment);

        string[] lines = output.Split('\n');
        foreach (string version in (string[])["v1", "v1alpha"])
        {
            string listed = Assert.Single(lines, line => line.StartsWith($"{version} lists ", StringComparison.Ordinal));
            Assert.Contains("edge.v1.Ingest", listed.Split(' '));
            Assert.Contains("grpc.health.v1.Health", listed.Split(' '));
        }
        Assert.Contains("edge.v1.Ingest has Upload", lines);
        Assert.Contains("grpc.health.v1.Health has Check Watch", lines);
        Assert.Contains("grpc.reflection.v1.ServerReflection has ServerReflectionInfo", lines);
        Assert.Contains(lines, line => line.StartsWith("edge.v1.Nothing: ", StringComparison.Ordinal));
        Assert.Contains("headers durable-through 0", lines);
        Assert.Contains("receipt 1 stored 1 readings 3", lines);
        Assert.Contains("check server SERVING", lines);
        Assert.Contains("check edge.v1.Ingest SERVING", lines);
        Assert.Contains("check edge.v1.Nothing NOT_FOUND", lines);
        Assert.Equal(
            ["watch SERVING", "watch NOT_SERVING", "watch ended with OK"],
            lines.Where(line => line.StartsWith("watch", StringComparison.Ordinal)));
    }

    /// <summary>Runs the tool against a service that shuts down as soon as the tool sees it serving; the tool ends by that.</summary>
    private static async Task<string> RunUntilShutdownAsync(
        string program, string script, IReadOnlyDictionary<string, string>? environment)
    {
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["ca"], ["tool"], []);
        var options = new IngestionOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            Web = new(IPAddress.Loopback, 0),
            Data = folder["data"],
            CertificateFile = folder["ca/server.crt"],
            KeyFile = folder["ca/server.key"],
            ClientAuthorityFile = folder["ca/ca.crt"],
        };
        await using IngestionHost host = await IngestionHost.StartAsync(options, CancellationToken.None);
        await File.WriteAllTextAsync(folder["tool"], script);
        await using ForeignProcess tool = ForeignProcess.Start(
            program, [folder["tool"], host.IngestPort.ToString(CultureInfo.InvariantCulture), folder["ca"]], environment);
        await Eventually.TrueAsync(
            () => tool.Output.Contains("watch SERVING", StringComparison.Ordinal) || tool.HasExited,
            TimeSpan.FromSeconds(60),
            () => $"the tool watched, but only:\n{tool.Output}");
        await host.StopAsync();
        int exitCode = await tool.WaitForExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(exitCode == 0, tool.Output);
        return tool.Output;
    }
}
