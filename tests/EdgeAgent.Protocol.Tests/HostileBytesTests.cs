using System.Diagnostics;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Tests;

public sealed class HostileBytesTests
{
    /// <summary>What a record of a few kilobytes may cost at most: a batch inflated from it, parsed, and the sink's strings.</summary>
    private const long MaximumAllocation = 64 * 1024 * 1024;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(BatchCompression.None)]
    [InlineData(BatchCompression.Gzip)]
    [InlineData(BatchCompression.Brotli)]
    public void Flipped_and_cut_bytes_are_refused_or_still_consistent_but_never_throw(BatchCompression compression)
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var decoder = new BatchDecoder(new DecodeLimits());
        long end = Stopwatch.GetTimestamp() + (long)(Budget.TotalSeconds * Stopwatch.Frequency);
        int refused = 0;
        int accepted = 0;
        for (int round = 0; Stopwatch.GetTimestamp() < end; round++)
        {
            var batch = new RandomBatch(unchecked(seed + (round / 50)));
            var encoder = new BatchEncoder();
            batch.AddTo(encoder);
            byte[] stored = Damage(Codec.Encode(encoder, batch.Series, compression), random);
            try
            {
                Record record;
                try
                {
                    record = Record.Parser.ParseFrom(stored);
                }
                catch (InvalidProtocolBufferException)
                {
                    // That is how it ends for bytes that never become a Record: the transport refuses them.
                    continue;
                }
                var sink = new RecordingSink();
                long before = GC.GetAllocatedBytesForCurrentThread();
                bool decoded = decoder.TryDecode(record, sink, out DecodeError error);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaximumAllocation);
                Assert.Equal(decoded, error.Code == DecodeErrorCode.None);
                Assert.Equal(decoded ? (int)record.Readings : 0, sink.Count);
                accepted += decoded ? 1 : 0;
                refused += decoded ? 0 : 1;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(stored)}", failure);
            }
        }
        Assert.True(refused > 0 && (accepted > 0 || compression != BatchCompression.None), $"{refused} refused, {accepted} accepted");
    }

    private static byte[] Damage(byte[] stored, Random random)
    {
        if (random.Next(4) == 0)
        {
            return stored[..random.Next(stored.Length)];
        }
        for (int flips = random.Next(1, 4); flips > 0; flips--)
        {
            stored[random.Next(stored.Length)] ^= (byte)(1 << random.Next(8));
        }
        return stored;
    }
}
