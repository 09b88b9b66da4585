using EdgeAgent.Spooling.Inspection;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests.Inspection;

/// <summary>Copies of a spool with damage anywhere: whoever looks at them gets sound records, or the word that they are gone.</summary>
public sealed class DamagedCopyTests
{
    private const int Records = 5_000;

    [Fact]
    public async Task Of_a_copy_with_any_damage_is_shown_what_the_agent_would_find_no_wrong_byte_and_what_is_missing_is_named()
    {
        await using SpoolOnDisk spool = await SpoolOnDisk.WithRecordsAsync(Records);
        spool.Live.Release(100);
        spool.Live.AppendLoss(7, LossCause.Overflow);
        await spool.CloseAsync();
        int copies = 0;
        await Fuzz.RunAsync(TimeSpan.FromSeconds(6), async mutator =>
        {
            string copy = spool.Copy($"copy-{copies++}");
            Damage(mutator.Random, copy);
            List<(ulong From, ulong To, LossCause? Cause)> seen = Look(copy);
            SpoolOptions options = Rig.Options();
            options.Path = copy;
            await using (Spool agent = Spool.Open(options, TimeProvider.System, Rig.Boot))
            {
                (List<ulong> records, List<SpoolGap> gaps) = Rig.ReadAll(agent[SpoolLane.Live]);
                Assert.Equal(records, seen.Where(static each => each.Cause is null).Select(static each => each.From));
                Assert.Equal(
                    gaps.Select(static gap => (gap.From, gap.To, (LossCause?)gap.Cause)), seen.Where(static each => each.Cause is not null));
            }
            Directory.Delete(copy, recursive: true);
        });
    }

    private static List<(ulong From, ulong To, LossCause? Cause)> Look(string copy)
    {
        IReadOnlyList<SpoolFinding> findings = new SpoolCheck(copy).Run();
        using SpoolView view = SpoolView.Open(copy);
        using SpoolViewReader reader = view.OpenReader(SpoolLane.Live);
        var seen = new List<(ulong From, ulong To, LossCause? Cause)>();
        ViewReadResult result;
        while ((result = reader.Read(out SpoolRecord record)) != ViewReadResult.End)
        {
            Assert.NotEqual(ViewReadResult.Rewritten, result);
            if (result == ViewReadResult.Record)
            {
                Assert.True(record.Payload.Span.SequenceEqual(Rig.Payload(record.Sequence)));
            }
            seen.Add(result == ViewReadResult.Gap
                ? (reader.Gap.From, reader.Gap.To, reader.Gap.Cause)
                : (record.Sequence, record.Sequence, null));
        }
        Assert.True(findings.Count > 0 || !seen.Any(static each => each.Cause == LossCause.Corrupt), "Records are missing and nothing was found.");
        return seen;
    }

    private static void Damage(Random random, string folder)
    {
        string[] files = [.. Directory.GetFiles(folder).Where(static file => Path.GetFileName(file) != "lock").Order(StringComparer.Ordinal)];
        string file = files[random.Next(files.Length)];
        byte[] bytes = File.ReadAllBytes(file);
        switch (random.Next(6))
        {
            case 0:
                File.Delete(file);
                return;
            case 1:
                bytes = bytes[..random.Next(bytes.Length)];
                break;
            case 2:
                bytes.AsSpan(random.Next(bytes.Length)).Clear();
                break;
            case 3:
                int start = random.Next(bytes.Length);
                random.NextBytes(bytes.AsSpan(start, Math.Min(random.Next(1, 8192), bytes.Length - start)));
                break;
            case 4:
                bytes = File.ReadAllBytes(files[random.Next(files.Length)]);
                break;
            default:
                bytes[random.Next(Math.Min(bytes.Length, 300))] ^= (byte)(1 << random.Next(8));
                break;
        }
        File.WriteAllBytes(file, bytes);
    }
}
