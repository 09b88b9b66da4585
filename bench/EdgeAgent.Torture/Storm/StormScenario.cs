using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Testing;
using EdgeAgent.Torture.Network;
using EdgeAgent.Uplink;

namespace EdgeAgent.Torture.Storm;

/// <summary>
/// A fleet in one process and the service in another, with the proxy between them that counts. The service is killed while all report to it, stays
/// away for a while, and comes back. How many connections are tried in a second, before, during and after? And is everything delivered, once?
/// </summary>
internal sealed class StormScenario(StormOptions options)
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(15);

    /// <summary>Agents that are started in a second: a fleet that is rolled out and does not appear in one moment. A handshake is 5 ms of both sides.</summary>
    private const int StartsPerSecond = 50;

    private readonly long _origin = Stopwatch.GetTimestamp();
    private string _phase = "starting";

    public static Task<int> RunAsync(StormOptions options, CancellationToken stopping) => new StormScenario(options).RunAsync(stopping);

    private async Task<int> RunAsync(CancellationToken stopping)
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(1, options.Agents).Select(i => $"agent-{i}")];
        DevelopmentAuthority.Create(folder["certificates"], names, []);
        int port = Loopback.FreePort();
        await using var service = new Supervised(
            "service", port, "dotnet", ShippedProgram.Ingestion, "serve", "--data", folder["ingestion"],
            "--listen", $"127.0.0.1:{port}", "--web", "127.0.0.1:0", "--certificate", folder["certificates/server.crt"],
            "--key", folder["certificates/server.key"], "--client-ca", folder["certificates/ca.crt"]);
        service.Start();
        await service.ReadyAsync();
        await using var proxy = new FaultProxy(port, new Random(1));
        SimulatedAgent[] agents = [.. names.Select(name => new SimulatedAgent(Uplink(folder, name, proxy.Port), folder[$"spool/{name}"]))];
        try
        {
            return await StormAsync(folder["ingestion/readings.db"], service, proxy, agents, stopping);
        }
        finally
        {
            await Parallel.ForEachAsync(agents, CancellationToken.None, (agent, _) => agent.DisposeAsync());
        }
    }

    private async Task<int> StormAsync(string databaseFile, Supervised service, FaultProxy proxy, SimulatedAgent[] agents, CancellationToken stopping)
    {
        using var over = new CancellationTokenSource();
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var attempts = new AttemptLog(proxy, Tell);
        Say($"{"second",7}  {"phase",-10}{"attempts/s",12}{"connections",13}");
        Task looking = attempts.RunAsync(over.Token);
        Task[] sensors = new Task[agents.Length];
        for (int i = 0; i < agents.Length; i++)
        {
            await agents[i].StartAsync();
            sensors[i] = SenseAsync(agents[i], reading.Token);
            await Task.Delay(TimeSpan.FromSeconds(1.0 / StartsPerSecond), CancellationToken.None);
        }
        await Eventually.TrueAsync(() => agents.All(agent => agent.Acknowledged > 0), Enough, "every agent has delivered something");

        _phase = "steady";
        // The last starts are still within the second that is being counted.
        await Task.Delay(TimeSpan.FromSeconds(1.5), CancellationToken.None);
        attempts.Take();
        await Task.Delay(options.Every + TimeSpan.FromSeconds(2), CancellationToken.None);
        int[] before = attempts.Take();

        _phase = "outage";
        await service.KillAsync();
        await Task.Delay(options.Outage, CancellationToken.None);
        int[] during = attempts.Take();

        _phase = "returning";
        service.Start();
        await service.ReadyAsync();
        long[] had = [.. agents.Select(agent => agent.Acknowledged)];
        long good = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => Delivering(agents, had) >= agents.Length / 2, Enough, "half of the agents deliver again");
        TimeSpan half = Stopwatch.GetElapsedTime(good);
        await Eventually.TrueAsync(() => Delivering(agents, had) == agents.Length, Enough, () => $"all agents deliver again; {Delivering(agents, had)} do");
        TimeSpan all = Stopwatch.GetElapsedTime(good);
        int[] after = attempts.Take();

        _phase = "draining";
        await reading.CancelAsync();
        await Task.WhenAll(sensors);
        int read = agents.Sum(agent => agent.Next);
        using var database = new StoredRows(databaseFile);
        await Eventually.TrueAsync(() => database.Count() >= read, Enough, () => $"everything is stored; {database.Count()} of {read} are", TimeSpan.FromMilliseconds(100));
        TimeSpan drained = Stopwatch.GetElapsedTime(good);
        // A duplicate would be in a session that follows.
        await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
        await over.CancelAsync();
        await looking;
        return Tell(database, agents, [("before", before), ("during_outage", during), ("after", after)], (half, all, drained));
    }

    private UplinkOptions Uplink(TemporaryFolder folder, string name, int port) => new()
    {
        Endpoint = new Uri($"https://localhost:{port}"),
        AuthorityFile = folder["certificates/ca.crt"],
        CertificateFile = folder[$"certificates/device-{name}.crt"],
        KeyFile = folder[$"certificates/device-{name}.key"],
        BackoffFirst = options.BackoffFirst,
        BackoffLast = options.BackoffLast,
    };

    private async Task SenseAsync(SimulatedAgent agent, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await agent.ReadAsync(TimeProvider.System);
            await Task.Delay(options.Every, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Delivering(SimulatedAgent[] agents, long[] had) => agents.Where((agent, i) => agent.Acknowledged > had[i]).Count();

    private int Tell(StoredRows database, SimulatedAgent[] agents, (string Name, int[] Seconds)[] phases, (TimeSpan Half, TimeSpan All, TimeSpan Drained) back)
    {
        // Each agent counts from 0 and has a series of its own.
        var times = new Dictionary<(string Device, int Number), int>();
        foreach ((string device, double value) in database.ByDevice(SimulatedAgent.Series))
        {
            times[(device, (int)value)] = times.GetValueOrDefault((device, (int)value)) + 1;
        }
        int lost = agents.Select((agent, i) => Enumerable.Range(0, agent.Next).Count(number => !times.ContainsKey(($"agent-{i + 1}", number)))).Sum();
        int duplicated = times.Values.Count(stored => stored > 1);
        (string Name, object Value)[] figures =
        [
            ("agents", agents.Length), ("readings", agents.Sum(agent => agent.Next)), ("lost", lost), ("duplicated", duplicated),
            .. phases.SelectMany(phase => ((string, object)[])
            [
                ($"seconds_{phase.Name}", phase.Seconds.Length), ($"attempts_{phase.Name}", phase.Seconds.Sum()),
                ($"attempts_a_second_{phase.Name}", new { mean = Math.Round(phase.Seconds.DefaultIfEmpty().Average(), 1), most = phase.Seconds.DefaultIfEmpty().Max() }),
            ]),
            ("seconds_until_half_deliver", Math.Round(back.Half.TotalSeconds, 1)), ("seconds_until_all_deliver", Math.Round(back.All.TotalSeconds, 1)),
            ("seconds_until_drained", Math.Round(back.Drained.TotalSeconds, 1)), ("seconds", Math.Round(Stopwatch.GetElapsedTime(_origin).TotalSeconds, 1)),
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
                Console.WriteLine($"{name,-36}{JsonSerializer.Serialize(value)}");
            }
        }
        return lost + duplicated == 0 ? 0 : 1;
    }

    private void Tell(long attempts, int connections) => Say(string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_origin).TotalSeconds,7:F0}  {_phase,-10}{attempts,12}{connections,13}"));

    private void Say(string line)
    {
        if (!options.IsJson)
        {
            Console.WriteLine(line);
        }
    }
}
