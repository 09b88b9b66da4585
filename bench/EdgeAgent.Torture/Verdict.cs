using EdgeAgent.Torture.Kill;

namespace EdgeAgent.Torture;

/// <summary>What became of all messages. Losses and duplicates are the product's; the rest is what MQTT and the broker do by themselves.</summary>
internal sealed record Verdict
{
    /// <summary>Messages that the agent acknowledged: to the broker, and as an intake to the publisher.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Of these, not in the database with both values.</summary>
    public int Lost { get; private set; }

    /// <summary>Stored more often than they were handed over as new.</summary>
    public int Duplicated { get; private set; }

    /// <summary>
    /// Of these, repeated to one and the same process of the agent, whose acknowledgement was lost with a connection: the rest are duplicates over
    /// the agent's own end.
    /// </summary>
    public int DuplicatedInOneLife { get; private set; }

    /// <summary>Rows that no message can have made.</summary>
    public int Wrong { get; private set; }

    /// <summary>Acknowledged by the broker to the publisher, and never delivered to anybody after its kill.</summary>
    public int LostByBroker { get; private set; }

    /// <summary>Delivered as new once more by a broker that had forgotten.</summary>
    public int RepeatedByBroker { get; private set; }

    /// <summary>Not acknowledged before the connection broke, so sent again by the publisher, which at QoS 1 and over a process's end may store them twice.</summary>
    public int SentAgain { get; private set; }

    /// <summary>Of these, stored more than once.</summary>
    public int StoredAgain { get; private set; }

    /// <summary>A few of the numbers that are lost or duplicated, to look for.</summary>
    public List<string> Examples { get; } = [];

    public static Verdict Of(Feed brokerFeed, IReadOnlyList<Feed> intakeFeeds, TapLedger tap, Dictionary<string, StoredFeed> stored)
    {
        Verdict verdict = Of(intakeFeeds, stored);
        verdict.JudgeBroker(brokerFeed, tap, stored[brokerFeed.Name]);
        return verdict;
    }

    /// <summary>Where no broker takes part.</summary>
    public static Verdict Of(IReadOnlyList<Feed> intakeFeeds, Dictionary<string, StoredFeed> stored)
    {
        var verdict = new Verdict { Wrong = stored.Values.Sum(feed => feed.Wrong) };
        foreach (Feed feed in intakeFeeds)
        {
            verdict.JudgeIntake(feed, stored[feed.Name]);
        }
        return verdict;
    }

    private void JudgeBroker(Feed feed, TapLedger tap, StoredFeed stored)
    {
        SentAgain += feed.SentAgainCount;
        for (int number = 0; number < feed.Next; number++)
        {
            int timesNew = tap.TimesNew(number);
            bool isAcknowledged = tap.WasAcknowledged(number);
            Acknowledged += isAcknowledged ? 1 : 0;
            LostByBroker += feed.IsAcknowledged(number) && timesNew == 0 ? 1 : 0;
            bool isSentAgain = feed.TimesSentAgain(number) > 0;
            RepeatedByBroker += timesNew > 1 && !isSentAgain ? 1 : 0;
            StoredAgain += isSentAgain && stored.Most(number) > 1 ? 1 : 0;
            DuplicatedInOneLife += stored.Most(number) > timesNew && tap.IsRepeatedInOneLife(number) ? 1 : 0;
            Judge(feed, number, isAcknowledged, stored, allowed: timesNew);
        }
    }

    private void JudgeIntake(Feed feed, StoredFeed stored)
    {
        SentAgain += feed.SentAgainCount;
        for (int number = 0; number < feed.Next; number++)
        {
            Acknowledged += feed.IsAcknowledged(number) ? 1 : 0;
            StoredAgain += stored.Most(number) > 1 ? 1 : 0;
            Judge(feed, number, feed.IsAcknowledged(number), stored, allowed: 1 + feed.TimesSentAgain(number));
        }
    }

    private void Judge(Feed feed, int number, bool isAcknowledged, StoredFeed stored, int allowed)
    {
        bool isLost = isAcknowledged && stored.Least(number) == 0;
        bool isDuplicated = stored.Most(number) > allowed;
        Lost += isLost ? 1 : 0;
        Duplicated += isDuplicated ? 1 : 0;
        if ((isLost || isDuplicated) && Examples.Count < 20)
        {
            Examples.Add($"{feed.Name} {number}: stored {stored.Least(number)} to {stored.Most(number)} times, allowed {allowed}, acknowledged {isAcknowledged}");
        }
    }
}
