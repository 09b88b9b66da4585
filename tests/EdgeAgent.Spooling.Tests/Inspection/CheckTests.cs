using EdgeAgent.Spooling.Format;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Spooling.Tests.Inspection;

public sealed class CheckTests
{
    private const int RecordBytes = RecordHeader.Bytes + 100;
    private const string First = "live-0000000000000001.segment";

    [Fact]
    public async Task A_sound_spool_has_no_findings_in_use_or_not_thinned_or_not()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(10_000);
        spool.Live.AppendLoss(3, LossCause.Overflow);
        await spool.Live.CommitAsync();
        Assert.Empty(new SpoolCheck(spool.Path).Run());
        await spool.CloseAsync();
        var check = new SpoolCheck(spool.Path);
        var seen = new List<ulong>();
        Assert.Empty(check.Run((_, file, offset, in record) =>
        {
            Assert.Equal(Rig.Payload(record.Sequence), record.Payload.ToArray());
            if (record.Sequence % 1_000 == 0)
            {
                byte[] bytes = File.ReadAllBytes(Path.Combine(spool.Path, file));
                Assert.Equal(Rig.Payload(record.Sequence), bytes.AsSpan((int)offset + RecordHeader.Bytes, 100).ToArray());
            }
            seen.Add(record.Sequence);
        }));
        Assert.Equal(Rig.Range(1, 10_000), seen);
        Assert.Equal(10_000, check.Records);

        await using var thinned = new SpoolOnDisk(new SummingThinner());
        Rig.Append(thinned.Live, 12_000, 1_000);
        await thinned.Live.CommitAsync();
        Assert.True(thinned.Spool.Statistics.ThinnedSegments > 0);
        Assert.Empty(new SpoolCheck(thinned.Path).Run());
    }

    [Fact]
    public async Task A_damaged_record_is_named_by_file_and_offset_with_what_it_costs()
    {
        SpoolFinding finding = Assert.Single(await DamageAsync(static folder => Flip(folder, First, SegmentHeader.Bytes + (6 * RecordBytes) + 50)));

        Assert.Equal((First, SegmentHeader.Bytes + (6 * RecordBytes)), (finding.File, finding.Offset));
        Assert.Contains($"{RecordBytes} bytes make no record", finding.What, StringComparison.Ordinal);
        Assert.Contains($"1 records with {Rig.ItemsOf(7)} readings, sequences 7 to 7", finding.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_header_costs_nothing_and_is_named()
    {
        SpoolFinding finding = Assert.Single(await DamageAsync(static folder => Flip(folder, First, 20)));

        Assert.Equal((First, 0), (finding.File, finding.Offset));
        Assert.StartsWith("nothing", finding.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_named_with_its_sequences()
    {
        SpoolFinding finding = Assert.Single(await DamageAsync(static folder => File.Delete(Path.Combine(folder, First))));

        Assert.Equal(First, finding.File);
        Assert.Contains("sequences 1 to ", finding.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_is_garbage_is_named_and_so_is_what_was_in_it()
    {
        IReadOnlyList<SpoolFinding> findings = await DamageAsync(static folder =>
        {
            byte[] garbage = new byte[256 * 1024];
            new Random(1).NextBytes(garbage);
            File.WriteAllBytes(Path.Combine(folder, First), garbage);
        });

        Assert.Contains(findings, static finding => finding.File == First && finding.What.Contains("neither header nor any record", StringComparison.Ordinal));
        Assert.Contains(findings, static finding => finding.Cost.StartsWith("sequences 1 to ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Damaged_marks_and_ledger_entries_are_named_by_their_place()
    {
        IReadOnlyList<SpoolFinding> findings = await DamageAsync(static folder =>
        {
            Flip(folder, "marks", 4096 + 60);
            Flip(folder, "ledger", 20);
        });

        Assert.Equal(3, findings.Count);
        Assert.Contains(findings, static finding => finding is { File: "marks", Offset: 4096 });
        Assert.Contains(findings, static finding => finding is { File: "ledger", Offset: 0 });
        // What it said is told as damage instead.
        Assert.Contains(findings, static finding => finding.Cost.Contains("3 readings, sequences 5002 to 5002", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Half_a_record_at_the_end_is_named()
    {
        SpoolFinding finding = Assert.Single(await DamageAsync(static folder =>
        {
            string newest = Directory.GetFiles(folder, "live-*").Order(StringComparer.Ordinal).Last();
            byte[] bytes = File.ReadAllBytes(newest);
            int end = Array.FindLastIndex(bytes, static value => value != 0) + 1;
            bytes[end + 8] = 1;
            File.WriteAllBytes(newest, bytes);
        }));

        Assert.Contains("half a record", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_what_was_delivered_costs_nothing()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(100);
        spool.Live.Release(50);
        await spool.CloseAsync();
        Flip(spool.Path, First, SegmentHeader.Bytes + 50);

        SpoolFinding finding = Assert.Single(new SpoolCheck(spool.Path).Run());

        Assert.StartsWith("nothing", finding.Cost, StringComparison.Ordinal);
    }

    /// <summary>Closes a spool of some segments, damages it, and checks it.</summary>
    private static async Task<IReadOnlyList<SpoolFinding>> DamageAsync(Action<string> damage)
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(5_001);
        spool.Live.AppendLoss(3, LossCause.Overflow);
        await spool.CloseAsync();
        damage(spool.Path);
        Dictionary<string, string> before = SpoolOnDisk.Contents(spool.Path);
        IReadOnlyList<SpoolFinding> findings = new SpoolCheck(spool.Path).Run();
        Assert.Equal(before, SpoolOnDisk.Contents(spool.Path));
        return findings;
    }

    private static void Flip(string folder, string name, int offset)
    {
        string path = Path.Combine(folder, name);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }
}
