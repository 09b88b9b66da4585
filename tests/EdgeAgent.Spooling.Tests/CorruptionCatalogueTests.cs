using System.Runtime.InteropServices;
using EdgeAgent.Spooling.Format;
using Xunit.Abstractions;
using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// One spool that has everything: sealed, thinned and newest segments, an alarm lane, marks, a ledger with all causes, a spare. Each
/// part of each file is flipped, torn, zeroed, cut off, overwritten, swapped and deleted in turn. What must hold: it opens; nothing
/// is delivered that was not appended; nothing is lost but records whose bytes were touched; and it goes on.
/// </summary>
public sealed class CorruptionCatalogueTests(ITestOutputHelper output)
{
    private static readonly Lazy<Task<Whole>> Base = new(BuildAsync);

    public static TheoryData<string, string> Catalogue
    {
        get
        {
            var catalogue = new TheoryData<string, string>();
            foreach (string file in (string[])["sealed", "thinned", "newest", "alarm", "marks", "ledger", "spare"])
            {
                foreach (string damage in (string[])["flip", "zero", "garbage", "tear", "cut", "swap", "delete", "old"])
                {
                    catalogue.Add(file, damage);
                }
            }
            return catalogue;
        }
    }

    [Theory]
    [MemberData(nameof(Catalogue))]
    public async Task Damage_costs_no_more_than_the_records_it_touches(string file, string damage)
    {
        Whole whole = await Base.Value;
        string name = whole.Names[file];
        int length = whole.Files[name].Length;
        var random = new Random(file.GetHashCode(StringComparison.Ordinal) ^ damage.GetHashCode(StringComparison.Ordinal));
        output.WriteLine($"{name}, {length} bytes");
        foreach (int at in PlacesIn(file, damage, whole, name))
        {
            SimulatedFiles damaged = whole.Files.AfterKill();
            (long from, long to) = Damage(damaged, name, damage, at, random, whole);
            await CheckAsync(whole, damaged, name, from, to, $"{damage} {name} at {at}");
        }
    }

    [Fact]
    public async Task Bits_that_flip_anywhere_cost_no_more_than_the_records_they_are_in()
    {
        Whole whole = await Base.Value;
        int seed = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1" ? Random.Shared.Next() : 1;
        int rounds = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1" ? 10_000 : 200;
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        string[] names = [.. whole.Names.Values];
        for (int round = 0; round < rounds; round++)
        {
            SimulatedFiles damaged = whole.Files.AfterKill();
            string name = names[random.Next(names.Length)];
            int at = random.Next(damaged[name].Length);
            damaged[name][at] ^= (byte)(1 << random.Next(8));
            await CheckAsync(whole, damaged, name, at, at + 1, $"seed {seed}: a bit of {name} at {at}");
        }
    }

    /// <summary>The parts of a file: its header, records at both ends, their headers and payloads, page ends.</summary>
    private static int[] PlacesIn(string file, string damage, Whole whole, string name)
    {
        if (damage is "swap" or "delete" or "old")
        {
            return [0];
        }
        if (file is "marks")
        {
            return [0, 9, 11, 20, 30, 60, 127, 4096, 4105, 4150];
        }
        if (file is "ledger")
        {
            return [0, 5, 10, 20, 30, 40, 65, 4096, 60_000];
        }
        if (file is "spare")
        {
            return [0, 100, 5000];
        }
        List<Extent> records = whole.Records[name];
        return
        [
            0, 8, 10, 16, 50, 60, 75, 90, 118,
            .. new[] { records[0], records[1], records[records.Count / 2], records[^1] }.SelectMany(static record =>
                new[] { (int)record.From, (int)record.From + 5, (int)record.From + 9, (int)record.From + 18, (int)record.From + 25, (int)record.To - 1 }),
            (int)records[^1].To, (int)records[^1].To + 100,
        ];
    }

    private static (long From, long To) Damage(SimulatedFiles files, string name, string damage, int at, Random random, Whole whole)
    {
        byte[] content = files[name];
        int end = Math.Min(content.Length, at + 40);
        switch (damage)
        {
            case "flip":
                content[at] ^= (byte)(1 << random.Next(8));
                return (at, at + 1);
            case "zero":
                content.AsSpan(at, end - at).Clear();
                return (at, end);
            case "garbage":
                random.NextBytes(content.AsSpan(at, end - at));
                return (at, end);
            case "tear":
                // A sector that was never written.
                int sector = at / 512 * 512;
                content.AsSpan(sector, Math.Min(512, content.Length - sector)).Clear();
                return (sector, sector + 512);
            case "cut":
                files[name] = content[..at];
                return (at, long.MaxValue);
            case "swap":
                string other = name == whole.Names["sealed"] ? whole.Names["newest"] : whole.Names["sealed"];
                (files[name], files[other]) = (files[other], files[name]);
                return (0, long.MaxValue);
            case "delete":
                files.Remove(name);
                return (0, long.MaxValue);
            default:
                // As it was before anything was written, or at another time: all zeros.
                files[name] = new byte[content.Length];
                return (0, long.MaxValue);
        }
    }

    private static async Task CheckAsync(Whole whole, SimulatedFiles damaged, string name, long from, long to, string what)
    {
        bool isSwap = what.StartsWith("swap", StringComparison.Ordinal);
        HashSet<(SpoolLane, ulong)> touched = [.. whole.Records
            .Where(file => file.Key == name || (isSwap && (file.Key == whole.Names["sealed"] || file.Key == whole.Names["newest"])))
            .SelectMany(static file => file.Value)
            .Where(record => record.From < to && from < record.To).Select(static record => (record.Lane, record.Sequence))];
        for (int opening = 0; opening < 2; opening++)
        {
            await using Spool spool = Spool.Open(damaged, Thinning(), TimeProvider.System, NextBoot);
            var found = new HashSet<(SpoolLane, ulong)>();
            Dictionary<SpoolLane, ulong> dropped = Lanes.All.ToDictionary(static lane => lane, static _ => 0ul); // a segment that was cut short had no room for what was appended
            foreach (SpoolLane lane in Lanes.All)
            {
                ulong next = spool[lane].Released + 1;
                using SpoolReader reader = spool[lane].OpenReader(1);
                while (reader.Read(out SpoolRecord record) is var result && result != ReadResult.End)
                {
                    Assert.True((result == ReadResult.Record ? record.Sequence : reader.Gap.From) == next, $"{what}: nothing is told of {next}.");
                    next = result == ReadResult.Record ? next + 1 : reader.Gap.To + 1;
                    dropped[lane] = result == ReadResult.Gap && reader.Gap.Cause == LossCause.Evicted ? reader.Gap.To : dropped[lane];
                    bool isNew = result == ReadResult.Record && record.Payload.Span.SequenceEqual("later"u8);
                    if (isNew && touched.Contains((lane, record.Sequence)))
                    {
                        // What is damaged at the very end, and no mark knows of yet, may be numbered again.
                        continue;
                    }
                    if (result != ReadResult.Record || !whole.Payloads.TryGetValue((lane, record.Sequence), out byte[]? payload))
                    {
                        Assert.True(result != ReadResult.Record || isNew, $"{what}: a record that was never appended.");
                        continue;
                    }
                    Assert.True(record.Payload.Span.SequenceEqual(payload), $"{what}: {record.Sequence} has other bytes.");
                    found.Add((lane, record.Sequence));
                }
            }
            (SpoolLane Lane, ulong Sequence)[] lost = [.. whole.Delivered.Where(key => !found.Contains(key) && !touched.Contains(key) && key.Sequence > dropped[key.Item1])];
            Assert.True(lost.Length == 0, $"{what}: lost without need are {string.Join(", ", lost.Take(5))}, {lost.Length} in all. {spool.Recovery}");
            Assert.True(spool[SpoolLane.Live].Append("later"u8, 1) > whole.Tail - (ulong)touched.Count);
            await spool[SpoolLane.Live].CommitAsync();
        }
    }

    private static SpoolOptions Thinning()
    {
        SpoolOptions options = SmallOptions();
        options.Thinner = new SummingThinner(recordsAGroup: 10);
        options.MaximumInFlightBytes = 0;
        return options;
    }

    private static async Task<Whole> BuildAsync()
    {
        SimulatedFiles files = SimulatedFiles.Formatted();
        Spool spool = Spool.Open(files, Thinning(), TimeProvider.System, Boot);
        SpoolQueue live = spool[SpoolLane.Live];
        Append(spool[SpoolLane.Alarm], 50);
        Append(spool[SpoolLane.Backlog], 30);
        await spool[SpoolLane.Backlog].CommitAsync();
        while (spool.Statistics.ThinnedSegments < 6)
        {
            Append(live, 20, 1000);
        }
        live.AppendLoss(5, LossCause.Overflow);
        Append(live, 15, 1000);
        await live.CommitAsync();
        await spool[SpoolLane.Alarm].CommitAsync();
        ulong refused = live.Committed - 5;
        Assert.True(live.Refuse(refused));
        var whole = new Whole(files, [], [], [], [], live.Tail);
        foreach (string name in files.Names)
        {
            if (SegmentIdentity.TryParse(name, out SegmentIdentity identity))
            {
                whole.Records[name] = ReadExtents(files, name, identity with { SpoolId = spool.Id }, whole);
            }
        }
        whole.Delivered.Remove((SpoolLane.Live, refused));
        string[] raw = RecoveryTests.Segments(files).Where(static name => name.Length < 30).ToArray();
        whole.Names["sealed"] = raw[raw.Length / 2];
        whole.Names["newest"] = raw[^1];
        whole.Names["thinned"] = RecoveryTests.Segments(files).First(static name => name.Length > 30);
        whole.Names["alarm"] = files.Names.First(static name => name.StartsWith("alarm", StringComparison.Ordinal));
        whole.Names["backlog"] = files.Names.First(static name => name.StartsWith("backlog", StringComparison.Ordinal));
        whole.Names["marks"] = "marks";
        whole.Names["ledger"] = "ledger";
        whole.Names["spare"] = files.Names.First(static name => name.StartsWith("spare", StringComparison.Ordinal));
        return whole with { Files = files.AfterKill() };
    }

    private static List<Extent> ReadExtents(SimulatedFiles files, string name, SegmentIdentity identity, Whole whole)
    {
        var extents = new List<Extent>();
        using var cursor = new SegmentCursor();
        cursor.Open(files.Open(name), identity.ChecksumSeed(), SegmentHeader.BytesOf(identity));
        ulong next = identity.First;
        while (cursor.TryFind(next, ulong.MaxValue - 1, out RecordHeader record, out ReadOnlyMemory<byte> payload))
        {
            extents.Add(new Extent(identity.Lane, record.Sequence, cursor.Offset - record.RecordBytes, cursor.Offset));
            whole.Payloads[(identity.Lane, record.Sequence)] = payload.ToArray();
            whole.Delivered.Add((identity.Lane, record.Sequence));
            next = record.Sequence + 1;
        }
        return extents;
    }

    /// <summary>Where a record stands in its file.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Extent(SpoolLane Lane, ulong Sequence, long From, long To);

    private sealed record Whole(
        SimulatedFiles Files,
        Dictionary<string, string> Names,
        Dictionary<string, List<Extent>> Records,
        Dictionary<(SpoolLane, ulong), byte[]> Payloads,
        HashSet<(SpoolLane Lane, ulong Sequence)> Delivered,
        ulong Tail);
}
