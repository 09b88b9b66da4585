using EdgeAgent.Protocol.V1;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

public sealed class ConcurrentUploadTests
{
    [Fact]
    public async Task Sessions_that_overlap_at_the_same_time_store_each_record_once()
    {
        const ulong last = 60;
        await using RunningService service = await RunningService.StartAsync(options => options.Ingest.FlushReadings = 10);
        // Six connections send the same records in pieces of their own, as the ghosts of broken connections would.
        await Task.WhenAll(Enumerable.Range(1, 6).Select(async worker =>
        {
            Protocol.V1.Ingest.IngestClient client = service.Client();
            ulong through = 0;
            while (through < last)
            {
                ulong first = Math.Max(1, through > (ulong)worker ? through - (ulong)worker : 1);
                ulong end = Math.Min(last, first + (ulong)(3 * worker));
                UploadRequest[] records = [.. Enumerable.Range((int)first, (int)(end - first) + 1).Select(
                    sequence => Numbers((ulong)sequence))];
                try
                {
                    through = (await client.SendAsync([Open(first), .. records])).DurableThrough;
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Aborted)
                {
                    through = (await client.SendAsync(Open(first))).DurableThrough;
                }
            }
        }));
        Assert.Equal(StoredReadings.Expected(3, [.. Enumerable.Range(1, (int)last).Select(i => (ulong)i)]), await service.ValuesAsync());
        var spool = (await service.JsonAsync("api/devices")).GetProperty("devices")[0].GetProperty("spools")[0];
        Assert.Equal((last, (long)last, 3 * (long)last), (
            spool.GetProperty("durableThrough").GetUInt64(), spool.GetProperty("records").GetInt64(),
            spool.GetProperty("readings").GetInt64()));
    }

    [Fact]
    public async Task Many_devices_at_once_share_transactions_and_each_keeps_its_own()
    {
        await using RunningService service = await RunningService.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async device =>
        {
            Protocol.V1.Ingest.IngestClient client = service.Client($"d{device}");
            for (ulong sequence = 1; sequence <= 5; sequence++)
            {
                Assert.Equal(sequence, (await client.SendAsync(Open(sequence), Numbers(sequence))).DurableThrough);
            }
        }));
        for (int device = 0; device < 12; device++)
        {
            Assert.Equal(StoredReadings.Expected(3, 1, 2, 3, 4, 5), await service.ValuesAsync($"d{device}/office/temperature"));
        }
    }
}
