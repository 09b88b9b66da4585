using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Network;

/// <summary>
/// Messages flow into the agent's intake all the time. In each round the network or the service fails in one way, for a while, and is well again;
/// from then on counts how long it takes until the database has a reading that is younger than that. In the end everything drains, and every
/// acknowledged message is looked for in the database.
/// </summary>
internal sealed class NetworkScenario(NetworkOptions options)
{
    private static readonly TimeSpan DrainWithin = TimeSpan.FromMinutes(10);

    /// <summary>How long nothing more may come before what is stored counts as all: a duplicate would be in a session that follows.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>Every so many rounds a third feed publishes as fast as the intake acknowledges.</summary>
    private const int RoundsToBurst = 5;

    private const int BurstRate = 5_000;

    private readonly Random _random = new(options.Seed);
    private readonly List<Feed> _feeds = [new("steady1", 1), new("steady2", 2)];
    private readonly List<TimeSpan> _liveAgain = [];
    private readonly Dictionary<string, int> _faults = [];
    private readonly List<string> _troubles = [];

    private int _notLive;

    // By default a session waits for 20 s, or a receipt for 60 s, and then the last step of the backoff may be 5 min.
    private TimeSpan LiveWithin => options.HasDefaults ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(60);

    private int Rounds => _liveAgain.Count;

    public static Task<int> RunAsync(NetworkOptions options, CancellationToken stopping) => new NetworkScenario(options).RunAsync(stopping);

    private async Task<int> RunAsync(CancellationToken stopping)
    {
        Say($"seed {options.Seed}");
        long started = Stopwatch.GetTimestamp();
        await using NetworkSite site = await NetworkSite.StartAsync(options, new Random(options.Seed + 1));
        await using var publisher = Publisher.Start(site.Authority, options.Rate, [.. _feeds.Select(feed => (feed, site.IntakePort))]);
        await Eventually.TrueAsync(() => IsStoredSince(site, 0), LiveWithin, "the first messages are stored");
        Say($"{"round",5}  {"fault",-26}{"for s",8}{"live again s",14}{"acknowledged",14}");
        // Whoever interrupts gets the verdict on what was done.
        foreach (Fault fault in Faults.Script(_random).Take(options.Rounds).TakeWhile(_ => !stopping.IsCancellationRequested))
        {
            await RoundAsync(site, fault);
        }
        bool isDrained = await DrainAsync(site, publisher);
        Verdict verdict = Verdict.Of(_feeds, StoredFeed.Read(site.DatabaseFile, _feeds.Select(feed => feed.Name)));
        return Tell(site, verdict, isDrained, Stopwatch.GetElapsedTime(started));
    }

    private async Task RoundAsync(NetworkSite site, Fault fault)
    {
        await using Publisher? burst = Rounds % RoundsToBurst == RoundsToBurst - 1 ? StartBurst(site) : null;
        await Task.Delay(_random.Next(50, 400));
        TimeSpan duration = TimeSpan.FromMilliseconds(_random.Next(200, 2_500)) * (options.HasDefaults ? 4 : 1);
        int cuts = Cuts(site);
        await fault.BeginAsync(site);
        await Task.Delay(duration);
        if (fault.IsCut)
        {
            await Eventually.TrueAsync(() => Cuts(site) > cuts, LiveWithin, () => $"a connection is cut by {fault.Name}");
        }
        await fault.EndAsync(site);
        TimeSpan liveAgain = await LiveAgainAsync(site, fault);
        if (burst is not null)
        {
            await burst.FinishAsync(LiveWithin);
        }
        _liveAgain.Add(liveAgain);
        _faults[fault.Name] = _faults.GetValueOrDefault(fault.Name) + 1;
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rounds,5}  {fault.Name,-26}{duration.TotalSeconds,8:F1}{liveAgain.TotalSeconds,14:F3}{_feeds.Sum(feed => feed.AcknowledgedCount),14}"));
    }

    private static int Cuts(NetworkSite site) => site.Proxy.Cuts.Values.Sum();

    private Publisher StartBurst(NetworkSite site)
    {
        var feed = new Feed($"burst{Rounds}", 1);
        _feeds.Add(feed);
        return Publisher.Start(site.Authority, BurstRate, (feed, site.IntakePort));
    }

    private async Task<TimeSpan> LiveAgainAsync(NetworkSite site, Fault fault)
    {
        long good = Stopwatch.GetTimestamp();
        long goodUnixNanoseconds = UnixNanoseconds();
        try
        {
            await Eventually.TrueAsync(() => IsStoredSince(site, goodUnixNanoseconds), LiveWithin, "live data is stored");
        }
        catch (TimeoutException)
        {
            _notLive++;
            _troubles.Add($"Round {Rounds + 1}: not live within {LiveWithin} after {fault.Name}. The agent said: {site.Agent.Output}");
        }
        return Stopwatch.GetElapsedTime(good);
    }

    /// <summary>These readings have the time at which the agent took them from the publisher.</summary>
    private static bool IsStoredSince(NetworkSite site, long unixNanoseconds)
    {
        using var database = new StoredRows(site.DatabaseFile);
        return database.HasSince("steady1/plain", unixNanoseconds);
    }

    private static long UnixNanoseconds() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Until everything published is stored, and nothing more comes.</summary>
    private async Task<bool> DrainAsync(NetworkSite site, Publisher publisher)
    {
        await publisher.FinishAsync(DrainWithin);
        // Each message has two values.
        long expected = 2L * _feeds.Sum(feed => feed.Next);
        using var database = new StoredRows(site.DatabaseFile);
        try
        {
            await Eventually.TrueAsync(() => database.Count() + (2 * database.CountLost()) >= expected, DrainWithin, "everything is stored", TimeSpan.FromMilliseconds(100));
        }
        catch (TimeoutException)
        {
            return false;
        }
        await Task.Delay(Quiet);
        return true;
    }

    private int Tell(NetworkSite site, Verdict verdict, bool isDrained, TimeSpan time)
    {
        Supervised[] all = [site.Agent, site.Service];
        int repairs = all.Sum(program => program.Repairs);
        using var database = new StoredRows(site.DatabaseFile);
        long setAside = database.CountLost();
        foreach (string trouble in (string[])
        [
            .. verdict.Examples, .. _troubles, .. isDrained ? [] : (string[])[$"Not drained. The agent said: {site.Agent.Output}"],
            .. setAside == 0 ? [] : (string[])[$"{setAside} readings are explained by gaps, and nothing here may be dropped or set aside."],
            .. all.Where(program => program.Repairs > 0).Select(program => $"{program.Name} did not come back by itself: {program.LastWords}"),
        ])
        {
            Console.Error.WriteLine(trouble);
        }
        (string Name, object Value)[] figures =
        [
            ("rounds", Rounds), ("acknowledged", verdict.Acknowledged), ("lost", verdict.Lost), ("duplicated", verdict.Duplicated), ("repairs_by_hand", repairs),
            ("live_again_seconds", Percentiles.Of(_liveAgain)), ("not_live", _notLive), ("seed", options.Seed), ("wrong", verdict.Wrong), ("set_aside", setAside),
            ("drained", isDrained), ("sent_again", verdict.SentAgain), ("records_skipped_as_stored", database.CountSkipped()), ("cuts", site.Proxy.Cuts),
            ("connections", site.Proxy.Attempts), ("bytes_up", site.Proxy.Upstream), ("bytes_down", site.Proxy.Downstream), ("bytes_swallowed", site.Proxy.Swallowed), ("service_killed", site.Service.Kills),
            ("faults", _faults), ("seconds", Math.Round(time.TotalSeconds, 1)),
        ];
        if (options.IsJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Value)));
        }
        else
        {
            Console.WriteLine();
            foreach ((string name, object value) in figures)
            {
                Console.WriteLine($"{name,-28}{JsonSerializer.Serialize(value)}");
            }
        }
        bool isKept = isDrained && verdict.Acknowledged > 0 && verdict.Lost + verdict.Duplicated + verdict.Wrong + repairs + _notLive + setAside == 0;
        return isKept ? 0 : 1;
    }

    private void Say(string line)
    {
        if (!options.IsJson)
        {
            Console.WriteLine(line);
        }
    }
}
