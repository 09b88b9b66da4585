using static EdgeAgent.Spooling.Tests.Rig;

namespace EdgeAgent.Spooling.Tests;

/// <summary>Random work, ended again and again by a kill or by a power cut that keeps any choice of the unsynced sectors.</summary>
public sealed class InterruptionTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 15)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Through_any_interruption_every_committed_record_is_kept_released_or_told_as_lost(int seed)
    {
        var random = new Random(seed);
        var appended = new Dictionary<ulong, (byte[] Payload, uint Items)>();
        var torn = new HashSet<ulong>();
        SimulatedFiles files = SimulatedFiles.Formatted();
        Guid boot = Boot;
        ulong committed = 0;
        ulong released = 0;
        for (int life = 0; life < 6; life++)
        {
            Spool spool = Open(files, boot);
            SpoolQueue live = spool[SpoolLane.Live];
            Assert.InRange(live.Released, 0ul, released);
            Assert.True(live.Tail >= committed, $"Tail {live.Tail} is before {committed}, which was committed.");
            CheckAll(live, appended, torn, committed);
            // What was not committed and is not found may be numbered again.
            foreach (ulong gone in appended.Keys.Where(sequence => sequence > live.Tail).ToArray())
            {
                appended.Remove(gone);
            }
            int steps = random.Next(5, 60);
            for (int step = 0; step < steps; step++)
            {
                switch (random.Next(8))
                {
                    case 0:
                        await live.CommitAsync();
                        break;
                    case 1:
                        released = Math.Max(live.Released, live.Committed - Math.Min(live.Committed, (ulong)random.Next(2000)));
                        live.Release(released);
                        break;
                    case 2 when live.Committed > live.Released:
                        live.Refuse(live.Released + 1 + (ulong)random.NextInt64((long)(live.Committed - live.Released)));
                        break;
                    default:
                        AppendSome(live, random, appended);
                        break;
                }
            }
            CheckAll(live, appended, torn, live.Committed);
            committed = live.Committed;
            released = live.Released;
            bool powerCut = random.Next(3) > 0;
            files = powerCut ? files.AfterPowerCut(random) : files.AfterKill();
            boot = powerCut ? Guid.NewGuid() : boot;
        }
    }

    private static void AppendSome(SpoolQueue live, Random random, Dictionary<ulong, (byte[] Payload, uint Items)> appended)
    {
        int records = random.Next(1, 200);
        int most = random.Next(20) == 0 ? 150_000 : 2000;
        for (int i = 0; i < records && (most < 100_000 || i < 4); i++)
        {
            byte[] payload = new byte[random.Next(1, most)];
            random.NextBytes(payload);
            uint items = (uint)random.Next(1, 100);
            appended[live.Append(payload, items)] = (payload, items);
        }
    }

    private static void CheckAll(
        SpoolQueue live, Dictionary<ulong, (byte[] Payload, uint Items)> appended, HashSet<ulong> torn, ulong committed)
    {
        using SpoolReader reader = live.OpenReader(1);
        ulong next = live.Released + 1;
        while (true)
        {
            ReadResult result = reader.Read(out SpoolRecord record);
            if (result == ReadResult.End)
            {
                Assert.Equal(live.Committed + 1, next);
                return;
            }
            if (result == ReadResult.Record)
            {
                Assert.Equal(next, record.Sequence);
                Assert.Equal(appended[next].Items, record.Items);
                Assert.True(record.Payload.Span.SequenceEqual(appended[next].Payload), $"Record {next} holds another payload.");
                next++;
                continue;
            }
            SpoolGap gap = reader.Gap;
            Assert.Equal(next, gap.From);
            ulong items = 0;
            for (ulong sequence = gap.From; sequence <= gap.To; sequence++)
            {
                items += appended.TryGetValue(sequence, out (byte[] Payload, uint Items) lost) ? lost.Items : 0;
                if (gap.Cause == LossCause.Corrupt && !torn.Contains(sequence))
                {
                    // An interruption may leave holes behind what was committed then; they stay.
                    Assert.True(sequence > committed, $"Committed records are gone: {gap}; {committed} was committed.");
                    torn.Add(sequence);
                }
            }
            if (gap.Cause == LossCause.Corrupt && gap.Items == 0)
            {
                // Half a record at the very end: nothing behind it says how many readings it held.
                appended.Remove(gap.To);
            }
            else
            {
                // Release in the middle of a hole, which the cloud does not do, leaves a remainder that is counted as the whole.
                bool remainder = gap.Cause == LossCause.Corrupt && gap.From == live.Released + 1;
                Assert.InRange(gap.Items, items, remainder ? ulong.MaxValue : items);
            }
            next = gap.To + 1;
        }
    }
}
