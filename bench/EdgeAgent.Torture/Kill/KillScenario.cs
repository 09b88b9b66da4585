using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Testing;

namespace EdgeAgent.Torture.Kill;

/// <summary>
/// Messages flow on three feeds: through mosquitto, and straight into the agent's intake at QoS 1 and 2. In each round one or more of agent,
/// service and broker are killed at a random moment and started again. In the end everything drains, and every acknowledged message is looked
/// for in the database.
/// </summary>
internal sealed class KillScenario(KillOptions options)
{
    private static readonly TimeSpan DrainWithin = TimeSpan.FromMinutes(2);

    /// <summary>How long nothing may move before what the broker still owes counts as forgotten by it.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(options.Seed);
    private readonly TapLedger _tap = new();
    private readonly Feed _broker = new("broker", 1);
    private readonly Feed[] _intake = [new("intake1", 1), new("intake2", 2)];

    private int _rounds;

    private int Acknowledged => _broker.AcknowledgedCount + _intake.Sum(feed => feed.AcknowledgedCount);

    public static Task<int> RunAsync(KillOptions options, CancellationToken stopping) => new KillScenario(options).RunAsync(stopping);

    private async Task<int> RunAsync(CancellationToken stopping)
    {
        Say($"seed {options.Seed}");
        long started = Stopwatch.GetTimestamp();
        await using var site = new Site(_tap, options);
        await site.StartAsync();
        await using var publisher = Publisher.Start(
            site.Authority, options.Rate, [.. options.WithBroker ? [(_broker, site.BrokerPort)] : ((Feed, int)[])[], .. _intake.Select(feed => (feed, site.IntakePort))]);
        // Not the first one: the agent may have subscribed after it.
        await Eventually.TrueAsync(
            () => options.WithBroker ? Enumerable.Range(0, _broker.Next).Any(_tap.WasDelivered) : Acknowledged > 0, DrainWithin, "messages pass");
        long begun = Stopwatch.GetTimestamp();
        Say($"{"round",5}  {"killed",-22}{"seconds",8}{"acknowledged",14}{"known again",13}");
        // Whoever interrupts gets the verdict on what was done.
        while (_rounds < options.Rounds && !stopping.IsCancellationRequested)
        {
            _rounds++;
            await RoundAsync(site);
        }
        double secondsARound = Stopwatch.GetElapsedTime(begun).TotalSeconds / Math.Max(_rounds, 1);
        bool isDrained = await DrainAsync(site, publisher);
        Verdict verdict = Verdict.Of(_broker, _intake, _tap, StoredFeed.Read(site.DatabaseFile, [_broker.Name, .. _intake.Select(feed => feed.Name)]));
        return Tell(site, verdict, isDrained, Stopwatch.GetElapsedTime(started), secondsARound);
    }

    private async Task RoundAsync(Site site)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.Delay(_random.Next(100, 700));
        Supervised[] victims = Victims(site);
        foreach (Supervised victim in victims)
        {
            await Task.Delay(_random.Next(0, 40));
            await KillAsync(site, victim);
        }
        await Task.Delay(_random.Next(0, 200));
        foreach (Supervised victim in victims)
        {
            victim.Start();
        }
        if (victims.Contains(site.Agent) && _random.Next(5) == 0)
        {
            // Also while it starts: recovery is work, too.
            await Task.Delay(_random.Next(50, 600));
            await KillAsync(site, site.Agent);
            site.Agent.Start();
        }
        await Task.WhenAll(victims.Select(victim => victim.ReadyAsync()));
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{_rounds,5}  {string.Join(' ', victims.Select(victim => victim.Name)),-22}{Stopwatch.GetElapsedTime(started).TotalSeconds,8:F1}{Acknowledged,14}{_tap.Recognisable,13}"));
    }

    private Supervised[] Victims(Site site)
    {
        // A bit each; none is not a choice. The agent, whose deaths matter most, dies in two rounds of three.
        int choice = _random.Next(1, options.WithBroker ? 8 : 4);
        bool isAgent = (choice & 1) != 0 || _random.Next(3) == 0;
        Supervised[] victims = [.. isAgent ? [site.Agent] : (Supervised[])[], .. (choice & 2) != 0 ? [site.Service] : (Supervised[])[], .. (choice & 4) != 0 ? [site.Broker] : (Supervised[])[]];
        _random.Shuffle(victims);
        return victims;
    }

    private async Task KillAsync(Site site, Supervised victim)
    {
        await victim.KillAsync();
        if (victim == site.Agent)
        {
            _tap.AgentKilled();
        }
        if (victim == site.Broker)
        {
            _tap.BrokerKilled();
        }
    }

    /// <summary>Until every message has come to rest, wherever.</summary>
    private async Task<bool> DrainAsync(Site site, Publisher publisher)
    {
        await publisher.FinishAsync(DrainWithin);
        long started = Stopwatch.GetTimestamp();
        (int Unsettled, long Stored) last = default;
        long moved = started;
        while (Stopwatch.GetElapsedTime(started) < DrainWithin)
        {
            using (var database = new StoredRows(site.DatabaseFile))
            {
                (int, long) now = (_tap.Unsettled().Count, database.Count());
                (last, moved) = now == last ? (last, moved) : (now, Stopwatch.GetTimestamp());
            }
            if (last.Unsettled == 0 && Stopwatch.GetElapsedTime(moved) > Quiet)
            {
                return true;
            }
            await Task.Delay(100);
        }
        return false;
    }

    private int Tell(Site site, Verdict verdict, bool isDrained, TimeSpan time, double secondsARound)
    {
        Supervised[] all = [site.Agent, site.Service, site.Broker];
        int repairs = all.Sum(program => program.Repairs);
        foreach (string trouble in (string[])
        [
            .. verdict.Examples, .. isDrained ? [] : (string[])[$"Not drained: messages {string.Join(' ', _tap.Unsettled())} were delivered and not acknowledged."],
            .. site.Tap.Fault is { } fault ? [$"The tap failed: {fault}"] : (string[])[],
            .. all.Where(program => program.Repairs > 0).Select(program => $"{program.Name} did not come back by itself: {program.LastWords}"),
        ])
        {
            Console.Error.WriteLine(trouble);
        }
        (string Name, object Value)[] figures =
        [
            ("rounds", _rounds), ("acknowledged", verdict.Acknowledged), ("lost", verdict.Lost), ("duplicated", verdict.Duplicated),
            ("repairs_by_hand", repairs), ("duplicated_in_one_life", verdict.DuplicatedInOneLife), ("seed", options.Seed), ("wrong", verdict.Wrong), ("lost_by_broker", verdict.LostByBroker),
            ("repeated_by_broker", verdict.RepeatedByBroker), ("recognised", _tap.Recognisable), ("sent_again", verdict.SentAgain),
            ("stored_again", verdict.StoredAgain), ("killed_agent", site.Agent.Kills), ("killed_service", site.Service.Kills),
            ("killed_broker", site.Broker.Kills), ("seconds", Math.Round(time.TotalSeconds, 1)), ("seconds_a_round", Math.Round(secondsARound, 2)),
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
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20}{value,12}"));
            }
        }
        bool isKept = isDrained && site.Tap.Fault is null && verdict.Acknowledged > 0
            && verdict.Lost + verdict.Duplicated + verdict.Wrong + repairs == 0;
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
