using System.Globalization;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Ingest;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class RetryAfterTests
{
    private const string Trailer = "edge-retry-after-ms";

    [Theory]
    [InlineData("Overloaded", true)]
    [InlineData("StoreFailing", true)]
    [InlineData("Stopping", true)]
    [InlineData("RecordRefused", false)]
    [InlineData("Hole", false)]
    [InlineData("SeriesUnknown", false)]
    [InlineData("TooSlow", false)]
    public void Only_where_waiting_helps_something_is_asked(string outcome, bool isAsked)
    {
        var trailers = new Metadata();
        new RetryAfter(new IngestOptions(), new Random(1)).AddTo(trailers, Enum.Parse<SessionOutcome>(outcome));

        Assert.Equal(isAsked, trailers.GetValue(Trailer) is not null);
    }

    [Fact]
    public void Those_who_are_turned_away_in_one_moment_come_back_spread_evenly()
    {
        var retry = new RetryAfter(new IngestOptions { RetrySpread = TimeSpan.FromSeconds(10) }, new Random(1));
        double[] seconds = [.. Enumerable.Range(0, 900).Select(_ =>
        {
            var trailers = new Metadata();
            retry.AddTo(trailers, SessionOutcome.Stopping);
            return double.Parse(trailers.GetValue(Trailer)!, CultureInfo.InvariantCulture) / 1000;
        })];

        Assert.All(seconds, wait => Assert.InRange(wait, 1, 10));
        for (int second = 1; second < 10; second++)
        {
            Assert.InRange(seconds.Count(wait => wait >= second && wait < second + 1), 50, 150);
        }
    }

    [Fact]
    public void A_spread_of_zero_asks_nothing()
    {
        var trailers = new Metadata();
        new RetryAfter(new IngestOptions { RetrySpread = TimeSpan.Zero }, new Random(1)).AddTo(trailers, SessionOutcome.Overloaded);

        Assert.Empty(trailers);
    }

    [Fact]
    public async Task A_device_that_finds_no_place_or_no_database_is_told_when_to_come_again()
    {
        SwitchableStore store = null!;
        await using RunningService service = await RunningService.StartAsync(
            options => options.Ingest.MaximumSessionsPerDevice = 1, inner => store = new SwitchableStore(inner));
        using AsyncClientStreamingCall<Protocol.V1.UploadRequest, Protocol.V1.UploadReceipt> only = service.Client().Upload();
        await only.RequestStream.WriteAsync(Open(1));
        await only.ResponseHeadersAsync;
        RpcException full = await service.Client().FailAsync(Open(1));
        store.Fails = true;
        RpcException failing = await service.Client("plant-2").FailAsync(Open(1), Numbers(1));

        Assert.All([full, failing], refusal =>
            Assert.InRange(int.Parse(refusal.Trailer(Trailer)!, CultureInfo.InvariantCulture), 1_000, 10_000));
        Assert.Equal((StatusCode.ResourceExhausted, StatusCode.Unavailable), (full.StatusCode, failing.StatusCode));
    }
}
