using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using static EdgeAgent.Ingestion.Tests.Uploads;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace EdgeAgent.Ingestion.Tests;

public sealed class FaultTests
{
    [Fact]
    public async Task While_the_store_fails_devices_are_told_UNAVAILABLE_and_health_says_so_and_it_comes_back_by_itself()
    {
        SwitchableStore store = null!;
        await using RunningService service = await RunningService.StartAsync(
            options => options.Ingest.StoreProbe = TimeSpan.FromMilliseconds(20), inner => store = new SwitchableStore(inner));
        var health = new Health.HealthClient(service.Channel("probe"));
        using AsyncServerStreamingCall<HealthCheckResponse> watch = health.Watch(new HealthCheckRequest { Service = "edge.v1.Ingest" });
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        store.Fails = true;
        Assert.Equal(StatusCode.Unavailable, (await service.Client().FailAsync(Open(1), Numbers(1))).StatusCode);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await service.Http.GetAsync("healthz")).StatusCode);
        // The next session is turned away before it sends anything.
        Assert.Equal(StatusCode.Unavailable, (await service.Client().FailAsync(Open(1))).StatusCode);

        store.Fails = false;
        // No device brings work: the service finds out on its own.
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        Assert.Equal(1UL, (await service.Client().SendAsync(Open(1), Numbers(1))).DurableThrough);
        Assert.Equal(StoredReadings.Expected(3, 1), await service.ValuesAsync());
    }

    [Fact]
    public async Task Work_that_finds_no_place_in_the_queue_is_told_RESOURCE_EXHAUSTED()
    {
        SwitchableStore store = null!;
        await using RunningService service = await RunningService.StartAsync(
            options => (options.Ingest.QueueLength, options.Ingest.QueueWait) = (1, TimeSpan.FromMilliseconds(50)), inner =>
            store = new SwitchableStore(inner));
        store.StandStill();
        // One is in the store, one fills the queue; which of the others is turned away does not matter, that one is does.
        Task<UploadReceipt> first = service.Client("first").SendAsync(Open(1), Numbers(1));
        await store.Entered.Task;
        Task<UploadReceipt>[] others = [.. Enumerable.Range(0, 3).Select(i => service.Client($"other-{i}").SendAsync(Open(1), Numbers(1)))];
        Task<UploadReceipt> turnedAway = await Task.WhenAny(others);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => turnedAway)).StatusCode);

        store.MoveOn();
        Assert.Equal(1UL, (await first).DurableThrough);
        await Task.WhenAll(others).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_device_has_so_many_sessions_and_no_more_and_hinders_no_other_device()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.MaximumSessionsPerDevice = 2);
        var open = new List<AsyncClientStreamingCall<UploadRequest, UploadReceipt>>();
        for (int i = 0; i < 2; i++)
        {
            AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Client().Upload();
            open.Add(call);
            await call.RequestStream.WriteAsync(Open(1));
            await call.ResponseHeadersAsync;
        }
        Assert.Equal(StatusCode.ResourceExhausted, (await service.Client().FailAsync(Open(1))).StatusCode);
        Assert.Equal(1UL, (await service.Client("plant-2").SendAsync(Open(1), Numbers(1))).DurableThrough);

        await open[0].SendAsync();
        Assert.Equal(1UL, (await service.Client().SendAsync(Open(1), Numbers(1))).DurableThrough);
        open.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task All_sessions_together_are_bounded()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.MaximumSessions = 1);
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> only = service.Client().Upload();
        await only.RequestStream.WriteAsync(Open(1));
        await only.ResponseHeadersAsync;
        Assert.Equal(StatusCode.ResourceExhausted, (await service.Client("plant-2").FailAsync(Open(1))).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_falls_silent_or_never_ends_is_ended_and_what_it_said_is_stored(bool silent)
    {
        await using RunningService service = await RunningService.StartAsync(options =>
        {
            IngestOptions ingest = options.Ingest;
            (ingest.IdleTimeout, ingest.SessionTimeout) = silent
                ? (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5))
                : (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));
        });
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Client().Upload();
        await call.RequestStream.WriteAsync(Open(1));
        await call.RequestStream.WriteAsync(Numbers(1));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal(StoredReadings.Expected(3, 1), await service.ValuesAsync());
    }

    [Fact]
    public async Task A_session_whose_predecessor_never_comes_is_aborted_after_a_bounded_time_and_nothing_of_it_is_stored()
    {
        await using RunningService service = await RunningService.StartAsync(
            options => options.Ingest.PredecessorWait = TimeSpan.FromMilliseconds(300));
        RpcException failure = await service.Client().FailAsync(Open(5), Numbers(5, define: true), Numbers(6));
        Assert.Equal(StatusCode.Aborted, failure.StatusCode);
        Assert.Equal(0UL, (await service.Client().SendAsync(Open(1))).DurableThrough);
    }

    [Fact]
    public async Task A_stop_stores_what_has_arrived_and_sends_devices_elsewhere()
    {
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.FlushReadings = 1);
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = service.Client().Upload();
        await call.RequestStream.WriteAsync(Open(1));
        await call.ResponseHeadersAsync;
        await call.RequestStream.WriteAsync(Numbers(1));
        while ((await service.JsonAsync("api/summary")).GetProperty("readings").GetInt64() == 0)
        {
            await Task.Yield();
        }
        Task restart = service.RestartAsync();
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        await restart;
        Assert.Equal(StoredReadings.Expected(3, 1), await service.ValuesAsync());
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
        return watch.ResponseStream.Current.Status;
    }
}
