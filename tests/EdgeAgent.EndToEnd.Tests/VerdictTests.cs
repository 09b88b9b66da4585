using EdgeAgent.Torture;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>The torture's verdict can be a bad one: without that, its zeros would mean nothing.</summary>
public sealed class VerdictTests
{
    private const long BaseNanoseconds = 1_700_000_000_000L * 1_000_000;

    private readonly Feed _feed = new("steady1", 1);
    private readonly StoredFeed _stored = new();

    [Fact]
    public void Messages_that_are_stored_once_with_both_values_are_neither_lost_nor_doubled()
    {
        Publish(3);
        Store(0, 1, 2);

        Verdict verdict = Judge();

        Assert.Equal((3, 0, 0, 0), (verdict.Acknowledged, verdict.Lost, verdict.Duplicated, verdict.Wrong));
        Assert.Empty(verdict.Examples);
    }

    [Fact]
    public void A_message_that_is_not_stored_is_lost()
    {
        Publish(3);
        Store(0, 2);

        Verdict verdict = Judge();

        Assert.Equal((1, 0), (verdict.Lost, verdict.Duplicated));
        Assert.Contains("steady1 1", Assert.Single(verdict.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_which_one_value_is_missing_is_lost()
    {
        Publish(1);
        _stored.Add(isStamped: true, isNegative: false, BaseNanoseconds, 0);

        Assert.Equal(1, Judge().Lost);
    }

    [Fact]
    public void A_row_that_is_stored_twice_is_a_duplicate()
    {
        Publish(3);
        Store(0, 1, 1, 2);

        Verdict verdict = Judge();

        Assert.Equal((0, 1), (verdict.Lost, verdict.Duplicated));
    }

    [Fact]
    public void What_the_publisher_itself_sent_again_may_be_stored_again_but_once()
    {
        Publish(2);
        _feed.Told('r', 0);
        _feed.Told('r', 1);
        Store(0, 0, 1, 1, 1);

        Assert.Equal(1, Judge().Duplicated);
    }

    [Fact]
    public void A_row_that_no_message_can_have_made_is_wrong()
    {
        Publish(1);
        Store(0);
        _stored.Add(isStamped: true, isNegative: false, BaseNanoseconds + 1, 0);

        Assert.Equal(1, Judge().Wrong);
    }

    private void Publish(int messages)
    {
        for (int number = 0; number < messages; number++)
        {
            _feed.Told('s', number);
            _feed.Told('a', number);
        }
    }

    private void Store(params int[] numbers)
    {
        foreach (int number in numbers)
        {
            long time = BaseNanoseconds + (number * 1_000_000L);
            _stored.Add(isStamped: true, isNegative: false, time, number);
            // The number 0 has no other sign; the row says which of the two it is.
            _stored.Add(isStamped: true, isNegative: true, time, -number);
        }
    }

    private Verdict Judge() => Verdict.Of([_feed], new Dictionary<string, StoredFeed> { [_feed.Name] = _stored });
}
