using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Tests;

/// <summary>A device's side in plain protobuf messages, as a foreign client would write them.</summary>
internal static class Uploads
{
    public const ulong Dictionary = 1;

    public static readonly byte[] Spool = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    // 2026-01-01T00:00:00Z.
    public const long Start = 1_767_225_600_000_000_000;

    public static UploadRequest Open(ulong first, Lane lane = Lane.Live, byte[]? spool = null) => new()
    {
        Open = new SessionOpen
        {
            SpoolId = ByteString.CopyFrom(spool ?? Spool),
            Lane = lane,
            FirstSequence = first,
            AgentVersion = "test 1",
        },
    };

    public static SeriesDefinition Temperature =>
        new() { Ref = 1, Name = "office/temperature", Unit = "Cel", Kind = SeriesKind.Number, Labels = { ["room"] = "2.17" } };

    /// <summary>A record of readings of office/temperature: sequence × 1000 + i, a second apart. Record 1 names the series.</summary>
    public static UploadRequest Numbers(ulong sequence, int readings = 3, bool define = false)
    {
        long start = Start + ((long)sequence * 1_000_000_000 * readings);
        var batch = new ReadingBatch { BaseTimeUnixNanoseconds = start, Dictionary = Dictionary };
        if (define || sequence == Dictionary)
        {
            batch.Definitions.Add(Temperature);
        }
        batch.Times.Add(new TimeColumn { Count = (uint)readings, Decimals = 0, First = 0, Step = 1 });
        batch.Blocks.Add(new SeriesBlock
        {
            Series = 1,
            Times = 0,
            Doubles = new DoubleColumn { Values = { Enumerable.Range(0, readings).Select(i => (sequence * 1000d) + i) } },
        });
        return new UploadRequest { Record = new Record { Sequence = sequence, Readings = (uint)readings, Batch = batch } };
    }

    public static UploadRequest Gap(ulong from, ulong to, ulong readings = 5, LossCause cause = LossCause.Evicted) =>
        new() { Gap = new Gap { From = from, To = to, Readings = readings, Cause = cause } };

    /// <summary>A record whose batch cannot be decoded: it names a time column that is not there.</summary>
    public static UploadRequest Undecodable(ulong sequence)
    {
        UploadRequest request = Numbers(sequence);
        request.Record.Batch.Blocks[0].Times = 7;
        return request;
    }

    /// <summary>One whole session.</summary>
    public static async Task<UploadReceipt> SendAsync(this Protocol.V1.Ingest.IngestClient client, params UploadRequest[] requests)
    {
        using AsyncClientStreamingCall<UploadRequest, UploadReceipt> call = client.Upload();
        return await call.SendAsync(requests);
    }

    public static async Task<UploadReceipt> SendAsync(
        this AsyncClientStreamingCall<UploadRequest, UploadReceipt> call, params UploadRequest[] requests)
    {
        try
        {
            foreach (UploadRequest request in requests)
            {
                await call.RequestStream.WriteAsync(request);
            }
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException or IOException)
        {
            // The service has ended the session early; the response says why.
        }
        return await call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A session that must fail.</summary>
    public static async Task<RpcException> FailAsync(this Protocol.V1.Ingest.IngestClient client, params UploadRequest[] requests) =>
        await Assert.ThrowsAsync<RpcException>(() => client.SendAsync(requests));

    public static string? Trailer(this RpcException failure, string name) => failure.Trailers.GetValue(name);
}
