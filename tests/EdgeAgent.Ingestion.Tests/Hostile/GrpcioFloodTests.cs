using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>A device whose program nobody here wrote takes every session that it can get, and sends what is too large.</summary>
[Collection(nameof(Alone))]
public sealed class GrpcioFloodTests
{
    private const string Client =
        """
        import sys, threading, grpc, collections

        port, folder = sys.argv[1], sys.argv[2]
        read = lambda name: open(f"{folder}/{name}", "rb").read()
        credentials = grpc.ssl_channel_credentials(read("ca.crt"), read("device.key"), read("device.crt"))
        over, seen = threading.Event(), collections.Counter()

        def silence():
            over.wait()
            yield from ()

        def channel():
            return grpc.secure_channel(f"localhost:{port}", credentials, [("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1)])

        channels = [channel() for _ in range(8)]
        calls = [each.stream_unary("/edge.v1.Ingest/Upload").future(silence()) for each in channels for _ in range(20)]
        refused = threading.Semaphore(0)
        for call in calls:
            call.add_done_callback(lambda done: refused.release())
        for _ in range(160 - 24):
            refused.acquire(timeout=60)
        for call in calls:
            if call.done():
                seen[call.code().name] += 1
        print("refused", dict(seen), flush=True)
        for call in calls:
            call.cancel()
        over.set()

        def endless():
            while True:
                yield bytes(512 * 1024)

        def attempt(requests):
            try:
                channels[0].stream_unary("/edge.v1.Ingest/Upload")(requests, timeout=60)
            except grpc.RpcError as error:
                return error.code().name

        print("oversized", attempt(iter([bytes(3 * 1024 * 1024)])), flush=True)
        print("endless", attempt(endless()), flush=True)
        """;

    [InstalledFact("/usr/bin/python3", "/usr/lib/python3/dist-packages/grpc/__init__.py")]
    public async Task A_device_that_takes_every_session_has_its_number_and_others_have_theirs()
    {
        await using RunningService service = await RunningService.StartAsync();
        using var folder = new TemporaryFolder();
        using var certificate = service.IssueDevice("flooder");
        TestAuthority.WritePem(certificate, folder.Path, "device");
        File.Copy(service.Options.ClientAuthorityFile!, folder["ca.crt"]);
        await File.WriteAllTextAsync(folder["client.py"], Client);
        var bystander = new Bystander(service);

        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "/usr/bin/python3", [folder["client.py"], service.IngestPort.ToString(CultureInfo.InvariantCulture), folder.Path], TimeSpan.FromSeconds(120));

        Assert.True(exitCode == 0, output);
        Assert.Contains($"refused {{'RESOURCE_EXHAUSTED': {160 - new IngestOptions().MaximumSessionsPerDevice}}}", output, StringComparison.Ordinal);
        Assert.Contains("oversized RESOURCE_EXHAUSTED", output, StringComparison.Ordinal);
        Assert.Contains("endless INVALID_ARGUMENT", output, StringComparison.Ordinal);
        await bystander.ExpectUnharmedAsync();
    }
}
