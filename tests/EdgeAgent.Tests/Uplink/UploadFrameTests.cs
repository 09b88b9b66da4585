using System.Buffers;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Google.Protobuf;
using Grpc.Core;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Uplink;

public sealed class UploadFrameTests
{
    [Fact]
    public void The_method_is_the_one_of_the_contract()
    {
        Google.Protobuf.Reflection.MethodDescriptor upload = Ingest.Descriptor.FindMethodByName("Upload");

        Assert.Equal($"/{Ingest.Descriptor.FullName}/{upload.Name}", IngestClient.UploadMethod.FullName);
        Assert.True(upload.IsClientStreaming && !upload.IsServerStreaming);
    }

    [Fact]
    public void A_stored_record_becomes_the_request_that_the_contract_says()
    {
        byte[] stored = new ProtocolRecord { Readings = 3, Batch = new ReadingBatch { Dictionary = 7 } }.ToByteArray();

        UploadRequest request = Write(new UploadFrame().Hold(300, stored));

        Assert.Equal(new ProtocolRecord { Sequence = 300, Readings = 3, Batch = new ReadingBatch { Dictionary = 7 } }, request.Record);
    }

    [Fact]
    public void A_frame_that_is_used_again_holds_only_the_last_message()
    {
        var frame = new UploadFrame();
        var gap = new UploadRequest { Gap = new Gap { From = 1, To = 2, Cause = LossCause.Evicted } };
        Write(frame.Hold(1, new byte[] { 0x10, 1 }));

        Assert.Equal(gap, Write(frame.Hold(gap)));
        Assert.Equal(5ul, Write(frame.Hold(5, new byte[] { 0x10, 1 })).Record.Sequence);
    }

    private static UploadRequest Write(UploadFrame frame)
    {
        var context = new Context();
        UploadFrame.Marshaller.ContextualSerializer(frame, context);
        Assert.True(context.IsComplete);
        Assert.Equal(context.Announced, context.Output.WrittenCount);
        Assert.Equal(frame.Length, context.Output.WrittenCount);
        return UploadRequest.Parser.ParseFrom(context.Output.WrittenSpan);
    }

    private sealed class Context : SerializationContext
    {
        public ArrayBufferWriter<byte> Output { get; } = new();

        public int Announced { get; private set; }

        public bool IsComplete { get; private set; }

        public override IBufferWriter<byte> GetBufferWriter() => Output;

        public override void SetPayloadLength(int payloadLength) => Announced = payloadLength;

        public override void Complete() => IsComplete = true;
    }
}
