using System.CommandLine;
using EdgeAgent.Torture.Config;
using EdgeAgent.Torture.Kill;
using EdgeAgent.Torture.Network;
using EdgeAgent.Torture.Storm;
using EdgeAgent.Torture.Week;

// dotnet run -c Release --project bench/EdgeAgent.Torture -- kill [--rounds 50] [--seed N] [--rate 300] [--durability offline-only] [--no-broker] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Torture -- week [--hours 168] [--rate 100] [--spool-mib 16] [--noise 1] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Torture -- network [--rounds 50] [--seed N] [--rate 100] [--defaults] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Torture -- storm [--agents 2000] [--outage 60] [--every 15] [--first 1] [--last 300] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Torture -- config [--cases PART ...] [--json]
// All print what happened as a table, or with --json one line at the end (config each case as well), and exit with 0 only where the promise was kept.
var json = new Option<bool>("--json") { Description = "Print one line of JSON at the end instead of a table." };
var seed = new Option<int>("--seed") { Description = "Chooses the moments. Default: by chance; it is printed.", DefaultValueFactory = _ => Random.Shared.Next() };

var rounds = new Option<int>("--rounds") { Description = "How often something is killed.", DefaultValueFactory = _ => 50 };
var rate = new Option<int>("--rate") { Description = "Messages a second of each of the three feeds.", DefaultValueFactory = _ => 300 };
var durability = new Option<string>("--durability") { Description = "The agent's spool.durability: always or offline-only.", DefaultValueFactory = _ => "always" };
durability.AcceptOnlyFromAmong("always", "offline-only");
var withoutBroker = new Option<bool>("--no-broker") { Description = "Only the two feeds of the intake." };
var kill = new Command("kill", "Agent, service, broker and publisher as processes; kill -9 at random moments; every acknowledged message is looked for in the database.")
{
    rounds, rate, durability, withoutBroker, seed, json,
};
kill.SetAction((parsed, stopping) => KillScenario.RunAsync(
    new KillOptions(parsed.GetValue(rounds), parsed.GetValue(rate), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(durability)!, !parsed.GetValue(withoutBroker)),
    stopping));

var hours = new Option<int>("--hours") { Description = "How much time is simulated.", DefaultValueFactory = _ => 168 };
var readings = new Option<int>("--rate") { Description = "Readings a second.", DefaultValueFactory = _ => 100 };
var spool = new Option<int>("--spool-mib") { Description = "What the spool may take, to be too small for the time.", DefaultValueFactory = _ => 16 };
var noise = new Option<int>("--noise") { Description = "How far a value moves at a time, in hundredths: more takes more room.", DefaultValueFactory = _ => 1 };
var week = new Command("week", "Batcher and spool offline for a simulated week, with a spool that is too small; then online, and every reading is counted.")
{
    hours, readings, spool, noise, json,
};
week.SetAction((parsed, stopping) => WeekScenario.RunAsync(
    new WeekOptions(
        TimeSpan.FromHours(parsed.GetValue(hours)), parsed.GetValue(readings), (long)parsed.GetValue(spool) << 20, parsed.GetValue(noise), parsed.GetValue(json)),
    stopping));

var faults = new Option<int>("--rounds") { Description = "How often the network or the service fails.", DefaultValueFactory = _ => 50 };
var published = new Option<int>("--rate") { Description = "Messages a second of each of the two feeds.", DefaultValueFactory = _ => 100 };
var defaults = new Option<bool>("--defaults") { Description = "All timeouts and backoffs as they are by default; a round may take minutes." };
var network = new Command("network", "Agent and service as processes, and between them a network that fails in every way; every acknowledged message is looked for in the database.")
{
    faults, published, seed, defaults, json,
};
network.SetAction((parsed, stopping) => NetworkScenario.RunAsync(
    new NetworkOptions(parsed.GetValue(faults), parsed.GetValue(published), parsed.GetValue(seed), parsed.GetValue(defaults), parsed.GetValue(json)), stopping));

var agents = new Option<int>("--agents") { Description = "How many agents there are.", DefaultValueFactory = _ => 2_000 };
var outage = new Option<double>("--outage") { Description = "Seconds that the service is away.", DefaultValueFactory = _ => 60 };
var every = new Option<double>("--every") { Description = "Seconds between two readings of an agent.", DefaultValueFactory = _ => 15 };
var first = new Option<double>("--first") { Description = "Seconds of the first step of the agents' backoff.", DefaultValueFactory = _ => 1 };
var last = new Option<double>("--last") { Description = "Seconds of its last step.", DefaultValueFactory = _ => 300 };
var storm = new Command("storm", "A fleet in one process loses its service at one moment and gets it back; the connections that it tries are counted by the second.")
{
    agents, outage, every, first, last, json,
};
storm.SetAction((parsed, stopping) => StormScenario.RunAsync(
    new StormOptions(
        parsed.GetValue(agents), TimeSpan.FromSeconds(parsed.GetValue(outage)), TimeSpan.FromSeconds(parsed.GetValue(every)),
        TimeSpan.FromSeconds(parsed.GetValue(first)), TimeSpan.FromSeconds(parsed.GetValue(last)), parsed.GetValue(json)),
    stopping));

var cases = new Option<string[]>("--cases") { Description = "Parts of the names of those that are run. Default: all.", AllowMultipleArgumentsPerToken = true };
var config = new Command("config", "A device is sent what would cut it off, and is killed at every step of taking it; each time it has to be reachable afterwards, on a good configuration.")
{
    cases, json,
};
config.SetAction((parsed, stopping) => ConfigScenario.RunAsync(new ConfigOptions(parsed.GetValue(cases) ?? [], parsed.GetValue(json)), stopping));

return await new RootCommand("What the product promises, under conditions that nobody wants.") { kill, network, storm, week, config }
    .Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
