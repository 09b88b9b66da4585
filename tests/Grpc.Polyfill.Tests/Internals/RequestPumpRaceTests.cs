using System.Buffers.Binary;
using System.Diagnostics;
using Grpc.Net.Client.Internal;
using Grpc.Net.Framing;
using Xunit.Abstractions;

namespace Grpc.Polyfill.Tests.Internals;

/// <summary>The writer and the transport on threads of their own, as fast as they can and never in step.</summary>
public sealed class RequestPumpRaceTests(ITestOutputHelper output)
{
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_transport_gets_each_message_once_in_order_and_one_write_at_a_time_however_the_threads_meet()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var transport = new CheckingTransport(seed);
        var content = new RequestStreamContent();
        var pump = new RequestPump(content, () => new FrameWriter(maxMessageSize: null), CancellationToken.None);
        Task ended = content.CopyToAsync(transport);

        uint written = 0;
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < RunTime && transport.Fault is null;)
        {
            pump.BeginMessage().Write(written++, Serialize, codec: null);
            await pump.EndMessageAsync(mayWait: false);
            // So that the pump falls idle just before, just after and while the next message comes.
            Thread.SpinWait(random.Next(200));
        }
        await pump.CompleteAsync();

        await ended.WaitAsync(Patience);
        Assert.Null(transport.Fault);
        Assert.Equal(written, transport.Messages);
        output.WriteLine($"{written} messages in {transport.Writes} writes");
    }

    private static void Serialize(uint number, Grpc.Core.SerializationContext context)
    {
        context.SetPayloadLength(sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(context.GetBufferWriter().GetSpan(sizeof(uint)), number);
        context.GetBufferWriter().Advance(sizeof(uint));
        context.Complete();
    }

    /// <summary>Takes frames of counted messages, some at once and some a little later on another thread.</summary>
    private sealed class CheckingTransport(int seed) : MemoryStream
    {
        private readonly Random _random = new(seed);
        private int _isBusy;

        public string? Fault { get; private set; }

        public uint Messages { get; private set; }

        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Enter();
            Writes++;
            if (_random.Next(4) == 0)
            {
                return new ValueTask(LaterAsync(buffer));
            }
            Take(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Enter();
            Leave();
            return Task.CompletedTask;
        }

        private async Task LaterAsync(ReadOnlyMemory<byte> buffer)
        {
            int spins = _random.Next(300);
            await Task.Yield();
            Thread.SpinWait(spins);
            Take(buffer.Span);
        }

        private void Take(ReadOnlySpan<byte> frames)
        {
            for (; !frames.IsEmpty; frames = frames[(FrameHeader.Size + sizeof(uint))..])
            {
                if (BinaryPrimitives.ReadUInt32BigEndian(frames[FrameHeader.Size..]) != Messages++)
                {
                    Fault ??= $"Message {Messages - 1} is not there.";
                }
            }
            Leave();
        }

        private void Enter()
        {
            if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            {
                Fault ??= $"Two writes at once after {Messages} messages.";
            }
        }

        private void Leave() => Volatile.Write(ref _isBusy, 0);
    }
}
