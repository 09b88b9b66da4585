using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests;

public sealed class ForeignClientTests
{
    // Knows nothing of the service but its address: it learns the messages by reflection, whose own few fields it reads by
    // hand, and uploads with them.
    private const string Client =
        """
        import sys, grpc
        from google.protobuf import descriptor_pool, message_factory

        port, ca = sys.argv[1], sys.argv[2]
        read = lambda name: open(f"{ca}/{name}", "rb").read()
        credentials = grpc.ssl_channel_credentials(read("ca.crt"), read("device-python-1.key"), read("device-python-1.crt"))
        channel = grpc.secure_channel(f"localhost:{port}", credentials)

        def varint(data, at):
            value = shift = 0
            while True:
                byte = data[at]
                value |= (byte & 127) << shift
                at, shift = at + 1, shift + 7
                if byte < 128:
                    return value, at

        def fields(data, number):
            at = 0
            while at < len(data):
                tag, at = varint(data, at)
                length, at = varint(data, at)
                if tag & 7 == 2:
                    if tag >> 3 == number:
                        yield data[at:at + length]
                    at += length

        reflect = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        def ask(field, text):
            return next(reflect(iter([bytes([field << 3 | 2, len(text)]) + text])))

        services = [name for reply in fields(ask(7, b""), 6) for service in fields(reply, 1) for name in fields(service, 1)]
        print(" ".join(name.decode() for name in services))
        pool = descriptor_pool.DescriptorPool()
        for reply in fields(ask(4, b"edge.v1.Ingest"), 4):
            for file in reversed(list(fields(reply, 1))):
                pool.AddSerializedFile(file)
        make = message_factory.MessageFactory(pool).GetPrototype
        Request, Receipt = (make(pool.FindMessageTypeByName("edge.v1." + name)) for name in ("UploadRequest", "UploadReceipt"))
        upload = channel.stream_unary(
            "/edge.v1.Ingest/Upload", request_serializer=Request.SerializeToString, response_deserializer=Receipt.FromString)

        def open_session(first):
            request = Request()
            request.open.spool_id, request.open.lane, request.open.first_sequence = b"0123456789abcdef", 2, first
            return request

        def record(sequence):
            request = Request()
            request.record.sequence, request.record.readings = sequence, 3
            batch = request.record.batch
            batch.base_time_unix_nanoseconds, batch.dictionary = 1767225600000000000, 1
            batch.definitions.add(ref=1, name="speed", unit="m/s", kind=1)
            batch.times.add(count=3, decimals=0, step=1)
            block = batch.blocks.add(series=1, times=0)
            block.decimals.exponent = -1
            block.decimals.mantissas.extend([5, 15, 25])
            return request

        call = upload.future(iter([open_session(1), record(1)]))
        print("headers durable-through", dict(call.initial_metadata())["edge-durable-through"])
        receipt = call.result()
        print("receipt", receipt.durable_through, "stored", receipt.records_stored, "readings", receipt.readings_stored)

        def fail(name, *requests):
            try:
                upload(iter(requests))
            except grpc.RpcError as error:
                print(name, error.code(), dict(error.trailing_metadata()).get("edge-refused-sequence", ""))

        fail("hole", open_session(2), record(9))
        broken = record(2)
        broken.record.readings = 4
        fail("refused", open_session(2), broken)
        """;

    [InstalledFact(
        "/usr/bin/python3", "/usr/lib/python3/dist-packages/grpc/__init__.py",
        "/usr/lib/python3/dist-packages/google/protobuf/descriptor_pool.py")]
    public async Task A_client_that_nobody_here_wrote_learns_the_service_by_reflection_and_uploads()
    {
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["ca"], ["python-1"], []);
        var options = new IngestionOptions
        {
            Listen = new(System.Net.IPAddress.Loopback, 0),
            Web = new(System.Net.IPAddress.Loopback, 0),
            WebAccess = { Reading = WebReading.Open },
            Data = folder["data"],
            CertificateFile = folder["ca/server.crt"],
            KeyFile = folder["ca/server.key"],
            ClientAuthorityFile = folder["ca/ca.crt"],
        };
        await using IngestionHost host = await IngestionHost.StartAsync(options, CancellationToken.None);
        await File.WriteAllTextAsync(folder["client.py"], Client);
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "/usr/bin/python3", [folder["client.py"], host.IngestPort.ToString(CultureInfo.InvariantCulture), folder["ca"]],
            TimeSpan.FromSeconds(60));

        Assert.True(exitCode == 0, output);
        Assert.Contains("edge.v1.Ingest edge.v1.Identity ", output, StringComparison.Ordinal);
        Assert.Contains("headers durable-through 0", output, StringComparison.Ordinal);
        Assert.Contains("receipt 1 stored 1 readings 3", output, StringComparison.Ordinal);
        Assert.Contains("hole StatusCode.ABORTED", output, StringComparison.Ordinal);
        Assert.Contains("refused StatusCode.INVALID_ARGUMENT 2", output, StringComparison.Ordinal);
        using var http = new HttpClient();
        string csv = await http.GetStringAsync($"http://127.0.0.1:{host.WebPort}/api/readings?series=python-1/speed&format=csv");
        Assert.Contains("2026-01-01T00:00:02.000000000Z,1767225602000000000,2.5,m/s,good,python-1,speed", csv, StringComparison.Ordinal);
    }
}
