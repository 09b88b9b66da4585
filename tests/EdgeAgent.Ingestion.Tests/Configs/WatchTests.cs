using System.Security.Cryptography;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class WatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_device_is_sent_what_it_should_run_and_each_later_revision_while_it_waits()
    {
        await using RunningService service = await RunningService.StartAsync();
        using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1");
        await watch.ResponseHeadersAsync.WaitAsync(Patience);
        await service.PushAsync("fleet", """{ /* why */ "a": 1 }""");
        ConfigRevision first = await NextAsync(watch);
        Assert.Equal((1ul, """{"a":1}""", RunningService.Author), (first.Number, first.Document.ToStringUtf8(), first.Author));
        Assert.Equal(SHA256.HashData(first.Document.Span), first.Hash.ToByteArray());

        await service.PushAsync("device:plant-1", """{"b":2}""");
        ConfigRevision second = await NextAsync(watch);
        Assert.Equal((2ul, """{"a":1,"b":2}"""), (second.Number, second.Document.ToStringUtf8()));
        Assert.False(second.MayChangeBootstrap);
    }

    [Fact]
    public async Task Who_holds_it_is_sent_nothing_until_there_is_something_else()
    {
        await using RunningService service = await RunningService.StartAsync();
        await service.PushAsync("device:plant-1", """{"a":1}""");
        using (AsyncServerStreamingCall<ConfigRevision> before = Watch(service, "plant-1"))
        {
            ConfigRevision held = await NextAsync(before);
            using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1", held);
            await watch.ResponseHeadersAsync.WaitAsync(Patience);
            await service.PushAsync("device:plant-1", """{"a":2}""");
            Assert.Equal(2ul, (await NextAsync(watch)).Number);
        }
    }

    [Fact]
    public async Task What_a_device_gave_up_it_is_sent_again_only_when_somebody_says_so()
    {
        await using RunningService service = await RunningService.StartAsync();
        await service.PushAsync("device:plant-1", """{"a":1}""");
        using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1");
        ConfigRevision revision = await NextAsync(watch);
        await ReportAsync(service, "plant-1", revision, ConfigOutcome.Reverted);
        Assert.Equal("reverted", await StateAsync(service, "plant-1"));

        // A call that begins now is sent nothing; what it is sent first is what somebody has asked for.
        using AsyncServerStreamingCall<ConfigRevision> again = Watch(service, "plant-1");
        await again.ResponseHeadersAsync.WaitAsync(Patience);
        await EndsAsync(watch, StatusCode.Aborted);
        await service.PostAsync("devices/plant-1/retry", "{}");
        ConfigRevision retried = await NextAsync(again);
        Assert.Equal((2ul, revision.Hash), (retried.Number, retried.Hash));
    }

    [Fact]
    public async Task A_second_watch_of_a_device_ends_the_first()
    {
        await using RunningService service = await RunningService.StartAsync();
        using AsyncServerStreamingCall<ConfigRevision> first = Watch(service, "plant-1");
        await first.ResponseHeadersAsync.WaitAsync(Patience);
        using AsyncServerStreamingCall<ConfigRevision> other = Watch(service, "plant-2");
        await other.ResponseHeadersAsync.WaitAsync(Patience);
        using AsyncServerStreamingCall<ConfigRevision> second = Watch(service, "plant-1");
        await EndsAsync(first, StatusCode.Aborted);
        await service.PushAsync("fleet", """{"a":1}""");
        Assert.Equal(1ul, (await NextAsync(second)).Number);
        Assert.Equal(1ul, (await NextAsync(other)).Number);
    }

    [Fact]
    public async Task When_the_service_stops_devices_are_told_to_come_again_later()
    {
        await using RunningService service = await RunningService.StartAsync();
        using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1");
        await watch.ResponseHeadersAsync.WaitAsync(Patience);
        Task restart = service.RestartAsync();
        RpcException end = await EndsAsync(watch, StatusCode.Unavailable);
        Assert.NotNull(end.Trailers.Get("edge-retry-after-ms"));
        await restart;
    }

    [Fact]
    public async Task Beyond_their_number_watches_are_refused_and_a_flood_of_one_device_is_one_watch()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Configs.MaximumWatches = 2);
        using AsyncServerStreamingCall<ConfigRevision> bystander = Watch(service, "plant-1");
        await bystander.ResponseHeadersAsync.WaitAsync(Patience);
        var client = new Config.ConfigClient(service.Channel("plant-2"));
        var flood = new List<AsyncServerStreamingCall<ConfigRevision>>();
        for (int i = 0; i < 100; i++)
        {
            flood.Add(client.Watch(new WatchRequest { HeldNumber = (ulong)i + 1, HeldHash = ByteString.CopyFrom(new byte[32]) }));
            await flood[^1].ResponseHeadersAsync.WaitAsync(Patience);
        }
        foreach (AsyncServerStreamingCall<ConfigRevision> over in flood.SkipLast(1))
        {
            await EndsAsync(over, StatusCode.Aborted);
        }

        using AsyncServerStreamingCall<ConfigRevision> third = Watch(service, "plant-3");
        RpcException refused = await EndsAsync(third, StatusCode.ResourceExhausted);
        Assert.NotNull(refused.Trailers.Get("edge-retry-after-ms"));
        await service.PushAsync("fleet", """{"a":1}""");
        Assert.Equal(1ul, (await NextAsync(bystander)).Number);
        flood.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Two_instances_over_one_database_tell_of_a_change_at_once_and_are_told_of_reports()
    {
        await using RunningService service = await RunningService.StartAsync();
        var options = new IngestionOptions
        {
            Listen = service.Options.Listen,
            Web = service.Options.Web,
            Data = service.Options.Data,
            CertificateFile = service.Options.CertificateFile,
            KeyFile = service.Options.KeyFile,
            ClientAuthorityFile = service.Options.ClientAuthorityFile,
        };
        await using IngestionHost other = await IngestionHost.StartAsync(options, CancellationToken.None);
        using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1");
        await watch.ResponseHeadersAsync.WaitAsync(Patience);
        using HttpClient http = RunningService.Administrator(other.WebPort, options);
        await http.PushAsync("device:plant-1", """{"a":1}""");
        ConfigRevision revision = await NextAsync(watch);
        Assert.Equal(1ul, revision.Number);

        await ReportAsync(service, "plant-1", revision, ConfigOutcome.Applied);
        Assert.Equal("applied", await StateAsync(http, "plant-1"));
    }

    [Fact]
    public async Task An_upload_says_whether_there_is_something_to_fetch()
    {
        await using RunningService service = await RunningService.StartAsync();
        Assert.Null(await HintAsync(service));
        await service.PushAsync("device:plant-1", """{"a":1}""");
        await UntilHintAsync(service, "1");

        ConfigRevision revision;
        using (AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1"))
        {
            revision = await NextAsync(watch);
        }
        await ReportAsync(service, "plant-1", revision, ConfigOutcome.Applied);
        await UntilHintAsync(service, null);
        await service.PushAsync("device:plant-1", """{"a":2}""");
        await UntilHintAsync(service, "2");
        await ReportAsync(service, "plant-1", await SentAsync(service), ConfigOutcome.Rejected);
        await UntilHintAsync(service, null);
    }

    [Fact]
    public async Task What_contradicts_the_protocol_is_refused()
    {
        await using RunningService service = await RunningService.StartAsync();
        var client = new Config.ConfigClient(service.Channel("plant-1"));
        ByteString hash = ByteString.CopyFrom(new byte[32]);
        foreach (WatchRequest request in (WatchRequest[])
            [new() { HeldNumber = 1 }, new() { HeldHash = hash }, new() { HeldNumber = ulong.MaxValue, HeldHash = hash }, new() { AgentVersion = new string('v', 101) }])
        {
            using AsyncServerStreamingCall<ConfigRevision> call = client.Watch(request);
            await EndsAsync(call, StatusCode.InvalidArgument);
        }
        foreach (ConfigReport report in (ConfigReport[])
            [new() { Number = 1, Hash = hash }, new() { Number = 1, Outcome = ConfigOutcome.Applied }, new() { Number = 1, Hash = hash, Outcome = (ConfigOutcome)9 }])
        {
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(async () => await client.ReportAsync(report))).StatusCode);
        }
    }

    [Fact]
    public async Task A_report_of_a_million_errors_is_kept_in_bounds_and_a_larger_one_does_not_get_in()
    {
        await using RunningService service = await RunningService.StartAsync();
        var client = new Config.ConfigClient(service.Channel("plant-1"));
        var report = new ConfigReport { Number = 1, Hash = ByteString.CopyFrom(new byte[32]), Outcome = ConfigOutcome.Rejected };
        report.Errors.AddRange(Enumerable.Repeat(new ConfigError(), 1_000_000));
        await client.ReportAsync(report);
        Assert.Contains("\"omitted\":999900", await service.Http.GetStringAsync(new Uri("api/admin/config/devices/plant-1", UriKind.Relative)), StringComparison.Ordinal);

        report.Errors.AddRange(Enumerable.Repeat(new ConfigError { Message = "once more" }, 200_000));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await client.ReportAsync(report));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [InstalledFact("/usr/bin/python3", "/usr/lib/python3/dist-packages/grpc/__init__.py")]
    public async Task A_client_that_nobody_here_wrote_watches_and_reports()
    {
        // The messages are small enough to be written by hand: hash and document are fields 2 and 4, the outcome is field 3.
        const string client =
            """
            import sys, grpc
            port, ca = sys.argv[1], sys.argv[2]
            read = lambda name: open(f"{ca}/{name}", "rb").read()
            credentials = grpc.ssl_channel_credentials(read("ca.crt"), read("device-python-1.key"), read("device-python-1.crt"))
            channel = grpc.secure_channel(f"localhost:{port}", credentials)
            revision = next(channel.unary_stream("/edge.v1.Config/Watch")(b"", timeout=50))
            at = revision.index(b"\x12\x20")
            print("document", revision[revision.index(b'{"a"'):][:7].decode())
            report = b"\x08\x01" + revision[at:at + 34] + b"\x18\x02" + b"\x30\x01"
            print("reported", channel.unary_unary("/edge.v1.Config/Report")(report))
            """;
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["ca"], ["python-1"], []);
        await using RunningService service = await RunningService.StartAsync(options =>
            (options.CertificateFile, options.KeyFile, options.ClientAuthorityFile) = (folder["ca/server.crt"], folder["ca/server.key"], folder["ca/ca.crt"]));
        await service.PushAsync("device:python-1", """{"a":1}""");
        await File.WriteAllTextAsync(folder["client.py"], client);
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "/usr/bin/python3", [folder["client.py"], service.IngestPort.ToString(System.Globalization.CultureInfo.InvariantCulture), folder["ca"]], Patience);
        Assert.True(exitCode == 0, output);
        Assert.Contains("document {\"a\":1}", output, StringComparison.Ordinal);
        Assert.Equal("applied", await StateAsync(service, "python-1"));
    }

    private static AsyncServerStreamingCall<ConfigRevision> Watch(RunningService service, string device, ConfigRevision? held = null) =>
        new Config.ConfigClient(service.Channel(device)).Watch(new WatchRequest
        {
            HeldNumber = held?.Number ?? 0,
            HeldHash = held?.Hash ?? ByteString.Empty,
            AgentVersion = "1.0",
        });

    private static async Task<ConfigRevision> NextAsync(AsyncServerStreamingCall<ConfigRevision> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        return watch.ResponseStream.Current;
    }

    private static async Task<RpcException> EndsAsync(AsyncServerStreamingCall<ConfigRevision> watch, StatusCode code)
    {
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => NextAsync(watch));
        Assert.Equal(code, end.StatusCode);
        return end;
    }

    private static async Task ReportAsync(RunningService service, string device, ConfigRevision revision, ConfigOutcome outcome) =>
        await new Config.ConfigClient(service.Channel(device)).ReportAsync(new ConfigReport
        {
            Number = revision.Number,
            Hash = revision.Hash,
            Outcome = outcome,
            RunningNumber = outcome == ConfigOutcome.Applied ? revision.Number : 0,
        });

    private static Task<string?> StateAsync(RunningService service, string device) => StateAsync(service.Http, device);

    private static async Task<string?> StateAsync(HttpClient http, string device) =>
        (await http.JsonAsync($"api/admin/config/devices/{device}")).GetProperty("device").GetProperty("state").GetString();

    private static async Task<string?> HintAsync(RunningService service)
    {
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> upload = service.Client().Upload();
        await upload.RequestStream.WriteAsync(Open(1));
        return (await upload.ResponseHeadersAsync.WaitAsync(Patience)).GetValue(Configurations.HintHeader);
    }

    private static Task UntilHintAsync(RunningService service, string? hint) => Eventually.TrueAsync(
        () => HintAsync(service).GetAwaiter().GetResult() == hint, Patience, $"the hint is {hint ?? "none"}");

    private static async Task<ConfigRevision> SentAsync(RunningService service)
    {
        using AsyncServerStreamingCall<ConfigRevision> watch = Watch(service, "plant-1");
        return await NextAsync(watch);
    }
}
