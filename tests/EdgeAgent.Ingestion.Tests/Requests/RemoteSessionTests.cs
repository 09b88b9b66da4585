using System.Net;
using System.Text;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Requests;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Tests.Requests;

/// <summary>Sessions with devices over TLS, and people's requests through the admin API.</summary>
public sealed class RemoteSessionTests
{
    private static readonly RequestForm Status = new("status");

    [Fact]
    public async Task A_request_reaches_the_device_with_its_author_and_its_answer_is_kept()
    {
        await using RunningService service = await RunningService.StartAsync();
        using DeviceDouble device = await DeviceDouble.ConnectAsync(service, "plant-1");

        RequestView asked = await service.AskAsync("plant-1", new RequestForm("read", "cabinet/air", WaitSeconds: 20));
        RemoteRequest request = await device.NextAsync();
        Assert.Equal(("cabinet/air", RunningService.Author, (ulong)asked.Id), (request.Read.Series, request.AskedBy, request.Id));
        Assert.InRange(request.DeadlineMilliseconds, 1u, 20_000u);
        await device.SendAsync(new DeviceMessage
        {
            Answer = new RemoteAnswer
            {
                Id = request.Id,
                Outcome = RemoteOutcome.Done,
                Values = new SensorValues { Values = { new SensorValue { Series = "cabinet/air/temperature", Number = 21.57, Unit = "Cel" } } },
            },
        });

        RequestView end = await service.EndOfAsync(asked);
        Assert.Equal(("done", "read cabinet/air"), (end.State, end.Request));
        ValueView value = Assert.Single(end.Values!);
        Assert.Equal(("cabinet/air/temperature", "21.57", "Cel", "good"), (value.Series, value.Value.ToString(), value.Unit, value.Quality));
        await service.RestartAsync();
        RequestsAnswer kept = await service.RequestsAsync("plant-1");
        Assert.Equal((RunningService.Author, "done"), (kept.Requests.Single().AskedBy, kept.Requests.Single().State));
        Assert.Equal(["read", "status"], kept.Session!.Allowed);
    }

    [Fact]
    public async Task A_request_waits_for_a_device_that_has_no_session_yet_and_uploads_hint_at_it()
    {
        await using RunningService service = await RunningService.StartAsync();
        RequestView asked = await service.AskAsync("plant-1", Status);

        Metadata headers = new();
        await Testing.Eventually.TrueAsync(() =>
        {
            using AsyncClientStreamingCall<UploadRequest, UploadReceipt> upload = service.Client().Upload();
            upload.RequestStream.WriteAsync(new UploadRequest { Open = new SessionOpen { SpoolId = ByteString.CopyFrom(new byte[16]), Lane = Lane.Live, FirstSequence = 1 } }).Wait();
            headers = upload.ResponseHeadersAsync.Result;
            return headers.GetValue("edge-session") == "1";
        }, TimeSpan.FromSeconds(30), "the hint comes");
        using DeviceDouble device = await DeviceDouble.ConnectAsync(service, "plant-1");
        await device.AnswerAsync((await device.NextAsync()).Id);
        Assert.Equal("done", (await service.EndOfAsync(asked)).State);
    }

    [Fact]
    public async Task A_newer_session_of_a_device_ends_the_older_and_gets_its_requests()
    {
        await using RunningService service = await RunningService.StartAsync();
        using DeviceDouble older = await DeviceDouble.ConnectAsync(service, "plant-1");
        using DeviceDouble newer = await DeviceDouble.ConnectAsync(service, "plant-1");
        Assert.Equal(StatusCode.Aborted, await older.EndAsync());

        RequestView asked = await service.AskAsync("plant-1", Status);
        await newer.AnswerAsync((await newer.NextAsync()).Id);
        Assert.Equal("done", (await service.EndOfAsync(asked)).State);
    }

    [Fact]
    public async Task A_request_is_asked_of_one_instance_and_answered_through_the_one_with_the_session()
    {
        await using RunningService here = await RunningService.StartAsync();
        IngestionOptions options = Copy(here.Options);
        await using IngestionHost there = await IngestionHost.StartAsync(options, CancellationToken.None);
        using DeviceDouble device = await DeviceDouble.ConnectAsync(here, "plant-1");
        using HttpClient http = RunningService.Administrator(there.WebPort, options);

        using HttpResponseMessage response = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            http, new Uri("api/admin/devices/plant-1/requests", UriKind.Relative), Status, RequestJson.Default.RequestForm);
        RequestView asked = (await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync(response.Content, RequestJson.Default.RequestView))!;
        await device.AnswerAsync((await device.NextAsync()).Id);
        Assert.Equal("done", (await here.EndOfAsync(asked)).State);
    }

    [Fact]
    public async Task A_device_that_answers_for_another_one_changes_nothing_and_loses_its_session()
    {
        await using RunningService service = await RunningService.StartAsync();
        using DeviceDouble honest = await DeviceDouble.ConnectAsync(service, "plant-1");
        using DeviceDouble liar = await DeviceDouble.ConnectAsync(service, "plant-2");
        RequestView asked = await service.AskAsync("plant-1", Status);
        ulong id = (await honest.NextAsync()).Id;

        await liar.AnswerAsync(id, "I am plant-1.");
        Assert.Equal(StatusCode.InvalidArgument, await liar.EndAsync());
        await honest.AnswerAsync(id, "It is me.");
        Assert.Equal("It is me.", (await service.EndOfAsync(asked)).Message);
    }

    [Fact]
    public async Task A_device_that_never_answers_has_four_requests_under_way_and_all_of_them_end()
    {
        await using RunningService service = await RunningService.StartAsync();
        using DeviceDouble device = await DeviceDouble.ConnectAsync(service, "plant-1");
        var asked = new List<RequestView>();
        for (int i = 0; i < 6; i++)
        {
            asked.Add(await service.AskAsync("plant-1", Status with { WaitSeconds = 2 }));
        }
        for (int i = 0; i < 4; i++)
        {
            await device.NextAsync();
        }
        Task<bool> fifth = device.More();

        // The two that were never sent are given up first.
        Assert.Equal("timed_out", (await service.EndOfAsync(asked[5])).State);
        Assert.False(fifth.IsCompleted);
        device.Dispose();
        Assert.Equal("failed", (await service.EndOfAsync(asked[0])).State);
    }

    [Fact]
    public async Task Answers_that_nobody_waits_for_end_the_session_at_the_first()
    {
        await using RunningService service = await RunningService.StartAsync();
        using DeviceDouble flooding = await DeviceDouble.ConnectAsync(service, "plant-1");
        await flooding.AnswerAsync(1);
        Assert.Equal(StatusCode.InvalidArgument, await flooding.EndAsync());
    }

    [Fact]
    public async Task An_answer_that_is_too_large_or_no_json_ends_the_session_and_the_request_fails()
    {
        await using RunningService service = await RunningService.StartAsync();
        foreach (byte[] document in (byte[][])[new byte[200_000], Encoding.UTF8.GetBytes("{ \"a\": ")])
        {
            using DeviceDouble device = await DeviceDouble.ConnectAsync(service, "plant-1");
            RequestView asked = await service.AskAsync("plant-1", Status);
            ulong id = (await device.NextAsync()).Id;
            await device.SendAsync(new DeviceMessage
            {
                Answer = new RemoteAnswer { Id = id, Outcome = RemoteOutcome.Done, Document = new AnswerDocument { Json = ByteString.CopyFrom(document) } },
            });
            Assert.Equal(StatusCode.InvalidArgument, await device.EndAsync());
            Assert.Equal("failed", (await service.EndOfAsync(asked)).State);
        }
    }

    [Fact]
    public async Task A_session_begins_with_a_hello_and_not_too_often()
    {
        await using RunningService service = await RunningService.StartAsync();
        using (DeviceDouble rude = DeviceDouble.Mute(service, "plant-1"))
        {
            await rude.AnswerAsync(1);
            Assert.Equal(StatusCode.InvalidArgument, await rude.EndAsync());
        }
        StatusCode last = StatusCode.OK;
        for (int i = 0; i < 50 && last != StatusCode.ResourceExhausted; i++)
        {
            using DeviceDouble again = DeviceDouble.Mute(service, "plant-1");
            await again.CompleteAsync();
            last = await again.EndAsync();
        }
        Assert.Equal(StatusCode.ResourceExhausted, last);
        using DeviceDouble bystander = await DeviceDouble.ConnectAsync(service, "plant-2");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_with_what_is_wrong_and_open_requests_are_bounded()
    {
        await using RunningService service = await RunningService.StartAsync();
        foreach (RequestForm form in (RequestForm[])[
            new(null), new("format-disk"), new("read"), new("logs", Lines: 0), new("log-level", Level: "loud", ForSeconds: 1), new("log-level", Level: "debug"),
            new("output", "fan"), new("status", WaitSeconds: 0), new("read", new string('x', 257))])
        {
            using HttpResponseMessage refused = await service.PostAsync("plant-1", form);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using HttpResponseMessage unnamed = await service.PostAsync("plant%201", Status);
        Assert.Equal(HttpStatusCode.NotFound, unnamed.StatusCode);
        for (int i = 0; i < RequestBook.MostOpenOfDevice; i++)
        {
            await service.AskAsync("plant-1", Status);
        }
        using HttpResponseMessage full = await service.PostAsync("plant-1", Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        await service.AskAsync("plant-2", Status);
    }

    [Fact]
    public async Task A_request_without_a_session_is_given_up_at_its_deadline()
    {
        await using RunningService service = await RunningService.StartAsync();
        RequestView end = await service.EndOfAsync(await service.AskAsync("plant-1", Status with { WaitSeconds = 1 }));
        Assert.Equal("timed_out", end.State);
        Assert.Contains("no session", end.Message, StringComparison.Ordinal);
    }

    private static IngestionOptions Copy(IngestionOptions options) => new()
    {
        Listen = options.Listen,
        Web = options.Web,
        Data = options.Data,
        CertificateFile = options.CertificateFile,
        KeyFile = options.KeyFile,
        ClientAuthorityFile = options.ClientAuthorityFile,
    };
}
