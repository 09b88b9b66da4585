using EdgeAgent.Uplink;

namespace EdgeAgent.Tests.Uplink;

public sealed class PoisonSearchTests
{
    [Theory]
    [InlineData(1_000ul, true)]
    [InlineData(1_000ul, false)]
    [InlineData(1ul, true)]
    [InlineData(2ul, false)]
    [InlineData(3ul, true)]
    public void Wherever_it_is_the_record_is_found_in_log2_sessions_and_one_to_compare(ulong records, bool keepsWhatCameBefore)
    {
        int most = (int)Math.Ceiling(Math.Log2(records)) + 2;
        for (ulong poison = 1; poison <= records; poison++)
        {
            int sessions = Find(records, poison, keepsWhatCameBefore, out PoisonSearch search);
            Assert.Equal((PoisonStage.Comparing, poison), (search.Stage, search.Suspect));
            Assert.InRange(sessions, 1, most);
        }
    }

    [Fact]
    public void A_service_that_does_not_take_the_opening_is_no_matter_of_records()
    {
        var search = new PoisonSearch();
        Assert.False(search.Reject(0, 0));
        Assert.Equal(PoisonStage.Unsuspected, search.Stage);
        Assert.Equal(ulong.MaxValue, search.LastFor(1));
    }

    [Fact]
    public void A_service_that_refuses_the_empty_session_too_is_asked_with_one_record_from_time_to_time()
    {
        var search = new PoisonSearch();
        Assert.True(search.Reject(10, 1));
        Assert.False(search.Reject(0, 0));
        Assert.Equal((PoisonStage.Unsure, 10ul), (search.Stage, search.LastFor(10)));
        Assert.True(search.Reject(10, 1));
        Assert.Equal(PoisonStage.Comparing, search.Stage);
    }

    [Fact]
    public void What_is_taken_after_all_ends_the_search()
    {
        var search = new PoisonSearch();
        Assert.True(search.Reject(10, 10));
        search.Reach(10);
        Assert.Equal(PoisonStage.Halving, search.Stage);
        search.Reach(11);
        Assert.Equal(PoisonStage.Unsuspected, search.Stage);
    }

    [Fact]
    public void A_wide_gap_in_front_of_the_record_does_not_hold_the_search_up()
    {
        var search = new PoisonSearch();
        Assert.True(search.Reject(1_000_010, 11));
        // The gap is one message, however many sequences it spans: it is taken.
        Assert.InRange(search.LastFor(1), 1ul, 1_000_000ul);
        search.Reach(1_000_001);
        Assert.Equal(1_000_005ul, search.LastFor(1_000_001));
    }

    private static int Find(ulong records, ulong poison, bool keepsWhatCameBefore, out PoisonSearch search)
    {
        search = new PoisonSearch();
        ulong next = 1;
        for (int sessions = 1; ; sessions++)
        {
            ulong last = Math.Min(search.LastFor(next), records);
            if (poison > last)
            {
                next = last + 1;
            }
            else
            {
                Assert.True(search.Reject(last, (int)(last - next + 1)));
                if (search.Stage == PoisonStage.Comparing)
                {
                    return sessions;
                }
                next = keepsWhatCameBefore ? poison : next;
            }
            search.Reach(next);
        }
    }
}
