using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>Messages that are no protobuf: nothing of them can be read, so that their place in the session has to tell which they are.</summary>
public sealed class UndecodableMessageTests : IAsyncLifetime
{
    private static readonly byte[] Garbage = [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00];

    private static readonly Method<byte[], UploadReceipt> Upload = new(
        MethodType.ClientStreaming,
        "edge.v1.Ingest",
        "Upload",
        Marshallers.Create(static bytes => bytes, static bytes => bytes),
        Marshallers.Create(static receipt => receipt.ToByteArray(), UploadReceipt.Parser.ParseFrom));

    private RunningService _service = null!;

    public async Task InitializeAsync() => _service = await RunningService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task It_is_no_broken_line_but_refused_by_its_place_and_what_came_before_it_is_stored()
    {
        RpcException failure = await FailAsync(Open(1).ToByteArray(), Numbers(1).ToByteArray(), Numbers(2).ToByteArray(), Garbage);

        Assert.Equal((StatusCode.InvalidArgument, "3"), (failure.StatusCode, failure.Trailer("edge-refused-sequence")));
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await _service.ValuesAsync());
    }

    [Fact]
    public async Task Its_place_counts_gaps_and_what_was_stored_before()
    {
        await _service.Client().SendAsync(Open(1), Numbers(1), Numbers(2));

        Assert.Equal("7", (await FailAsync(
            Open(1).ToByteArray(), Numbers(1).ToByteArray(), Numbers(2).ToByteArray(), Gap(3, 6).ToByteArray(), Garbage)).Trailer("edge-refused-sequence"));
        // Within what is stored: the device will find that it has no such record any more.
        Assert.Equal("2", (await FailAsync(Open(1).ToByteArray(), Numbers(1).ToByteArray(), Garbage)).Trailer("edge-refused-sequence"));
    }

    [Fact]
    public async Task In_place_of_the_opening_it_names_no_record()
    {
        RpcException failure = await FailAsync(Garbage);

        Assert.Equal((StatusCode.InvalidArgument, null), (failure.StatusCode, failure.Trailer("edge-refused-sequence")));
    }

    private async Task<RpcException> FailAsync(params byte[][] messages)
    {
        using AsyncClientStreamingCall<byte[], UploadReceipt> call =
            _service.Channel("plant-1").CreateCallInvoker().AsyncClientStreamingCall(Upload, null, new CallOptions());
        return await Assert.ThrowsAsync<RpcException>(async () =>
        {
            try
            {
                foreach (byte[] message in messages)
                {
                    await call.RequestStream.WriteAsync(message);
                }
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception ended) when (ended is InvalidOperationException or IOException)
            {
                // The response says why.
            }
            await call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30));
        });
    }
}
