using EdgeAgent.Ingestion.Ingest;

namespace EdgeAgent.Ingestion.Tests;

public sealed class SequenceRuleTests
{
    // Small enough to try everything, large enough that every relation of the three numbers occurs.
    private const ulong Range = 12;

    [Fact]
    public void A_record_is_stored_exactly_when_it_comes_next()
    {
        for (ulong through = 0; through <= Range; through++)
        {
            for (ulong sequence = 1; sequence <= Range + 2; sequence++)
            {
                SequenceOutcome expected = sequence <= through ? SequenceOutcome.Skip : sequence - through == 1 ? SequenceOutcome.Store
                    : SequenceOutcome.Hole;
                Assert.Equal(expected, SequenceRule.ForRecord(through, sequence));
            }
        }
    }

    [Fact]
    public void Whatever_order_records_come_in_each_is_stored_once_and_in_sequence()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            ulong through = 0;
            var stored = new List<ulong>();
            for (int i = 0; i < 400; i++)
            {
                ulong sequence = (ulong)random.Next(1, 20);
                if (SequenceRule.ForRecord(through, sequence) == SequenceOutcome.Store)
                {
                    stored.Add(sequence);
                    through = sequence;
                }
            }
            Assert.Equal(Enumerable.Range(1, stored.Count).Select(i => (ulong)i), stored);
            Assert.Equal((ulong)stored.Count, through);
        }
    }

    [Fact]
    public void A_gap_is_taken_exactly_when_it_begins_at_or_before_what_comes_next_and_ends_behind_the_watermark()
    {
        for (ulong through = 0; through <= Range; through++)
        {
            for (ulong from = 1; from <= Range + 2; from++)
            {
                for (ulong to = 0; to <= Range + 3; to++)
                {
                    SequenceOutcome expected =
                        to < from ? SequenceOutcome.Malformed
                        : to <= through ? SequenceOutcome.Skip
                        : from > through + 1 ? SequenceOutcome.Hole
                        : from == through + 1 ? SequenceOutcome.ExplainedGap
                        : SequenceOutcome.PartlyKnownGap;
                    Assert.Equal(expected, SequenceRule.ForGap(through, from, to));
                }
            }
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(SequenceRule.Last + 1)]
    [InlineData(ulong.MaxValue)]
    public void A_sequence_that_no_database_can_count_is_malformed(ulong sequence)
    {
        Assert.Equal(SequenceOutcome.Malformed, SequenceRule.ForRecord(5, sequence));
        Assert.Equal(SequenceOutcome.Malformed, SequenceRule.ForGap(5, sequence, sequence));
        Assert.Equal(SequenceOutcome.Malformed, SequenceRule.ForGap(5, 0, 9));
        Assert.Equal(SequenceOutcome.Malformed, SequenceRule.ForGap(5, 6, SequenceRule.Last + 1));
    }

    [Fact]
    public void The_last_sequence_can_be_stored()
    {
        Assert.Equal(SequenceOutcome.Store, SequenceRule.ForRecord(SequenceRule.Last - 1, SequenceRule.Last));
        Assert.Equal(SequenceOutcome.Skip, SequenceRule.ForRecord(SequenceRule.Last, SequenceRule.Last));
    }
}
