using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// Spools that earlier releases wrote, as files: <c>golden/spool-version-1.zip</c> holds a live lane that had dropped two segments,
/// released and refused, and an alarm lane, closed in order. Each payload is 1,000 times the last byte of its sequence, which stands in
/// the first eight.
/// </summary>
public sealed class OlderFormatTests
{
    [Fact]
    public async Task A_spool_of_version_1_is_read_to_its_last_record()
    {
        await using Spool spool = Rig.Open(Golden("spool-version-1.zip"));
        Assert.Equal(new Guid("fd8f2ccb-4111-4544-a063-f56e8a69754d"), spool.Id);
        Assert.True(spool.Recovery.ClosedCleanly);
        Assert.Equal("closed in order before; 5 segments with records to deliver; nothing to repair", spool.Recovery.ToString());
        Check(spool[SpoolLane.Live], 3370, 4070, new SpoolGap(3470, 3470, 1, LossCause.Refused));
        Check(spool[SpoolLane.Alarm], 0, 8, new SpoolGap(2, 2, 3, LossCause.Refused));
    }

    [Fact]
    public async Task A_spool_of_version_1_goes_on_and_is_thinned()
    {
        SpoolOptions options = Rig.Options();
        options.Thinner = new SummingThinner();
        options.MaximumInFlightBytes = 0;
        await using Spool spool = Rig.Open(Golden("spool-version-1.zip"), options: options);
        Assert.Equal(4071ul, spool[SpoolLane.Live].Append("x"u8, 1));
        while (spool.Statistics.ThinnedSegments < 4)
        {
            Rig.Append(spool[SpoolLane.Live], 100, 1000);
        }
        Assert.Equal(0, spool.Statistics.EvictedSegments);
        Check(spool[SpoolLane.Alarm], 0, 8, new SpoolGap(2, 2, 3, LossCause.Refused));
    }

    private static SimulatedFiles Golden(string name)
    {
        var files = new SimulatedFiles();
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", name));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            byte[] content = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(content);
            files[entry.Name] = content;
        }
        return files;
    }

    private static void Check(SpoolQueue queue, ulong released, ulong committed, SpoolGap gap)
    {
        Assert.Equal((released, committed, committed), (queue.Released, queue.Committed, queue.Tail));
        using SpoolReader reader = queue.OpenReader(1);
        for (ulong sequence = released + 1; sequence <= committed; sequence++)
        {
            if (sequence == gap.From)
            {
                Assert.Equal(ReadResult.Gap, reader.Read(out _));
                Assert.Equal(gap, reader.Gap);
                continue;
            }
            Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
            Assert.Equal((sequence, Rig.ItemsOf(sequence), 1000), (record.Sequence, record.Items, record.Payload.Length));
            Assert.Equal(sequence, BinaryPrimitives.ReadUInt64LittleEndian(record.Payload.Span));
            Assert.Equal(-1, record.Payload.Span[8..].IndexOfAnyExcept((byte)sequence));
        }
        Assert.Equal(ReadResult.End, reader.Read(out _));
    }
}
