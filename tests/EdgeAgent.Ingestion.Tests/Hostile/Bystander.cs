using System.Net;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Tests.Hostile;

/// <summary>An honest device at an address of its own, which uploads again and again while others misbehave.</summary>
internal sealed class Bystander
{
    private readonly TaskCompletionSource _stop = new();
    private readonly Task<ulong> _uploading;

    public Bystander(RunningService service) => _uploading = UploadAsync(service.ClientFrom(IPAddress.Parse("127.0.0.2"), "bystander"));

    /// <summary>Ends the uploads. Fails where one of them did.</summary>
    public async Task ExpectUnharmedAsync()
    {
        _stop.TrySetResult();
        Assert.InRange(await _uploading, 1ul, ulong.MaxValue);
    }

    private async Task<ulong> UploadAsync(Protocol.V1.Ingest.IngestClient client)
    {
        ulong sequence = 0;
        do
        {
            sequence++;
            UploadReceipt receipt = await client.SendAsync(Uploads.Open(sequence), Uploads.Numbers(sequence, define: true));
            Assert.Equal(sequence, receipt.DurableThrough);
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(20)), _stop.Task);
        }
        while (!_stop.Task.IsCompleted);
        return sequence;
    }
}
