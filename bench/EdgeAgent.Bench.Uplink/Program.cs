using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Bench.Uplink;
using EdgeAgent.Testing;
using EdgeAgent.Torture;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Uplink -- drain [--readings 1000000] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Bench.Uplink -- steady [--minutes 10] [--cloud '"profile": "metered"'] [--json]
// dotnet run -c Release --project bench/EdgeAgent.Bench.Uplink -- idle [--minutes 3] [--cloud '"profile": "metered"'] [--json]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var json = new Option<bool>("--json") { Description = "Print one line of JSON and nothing else." };

var readings = new Option<int>("--readings") { Description = "Readings in the backlog.", DefaultValueFactory = _ => 1_000_000 };
var drain = new Command("drain", "A backlog over loopback, over 50 ms, and over 1 Mbit/s: readings a second, the share of the link, processor time of the agent.") { readings, json };
drain.SetAction(async (parsed, _) =>
{
    using Site site = await Site.CreateAsync("");
    long filled = parsed.GetValue(readings) / Site.ValuesPerMessage * Site.ValuesPerMessage;
    await FillAsync(site, (int)filled);
    var drains = new List<Drain>();
    foreach (Link link in Link.All)
    {
        drains.Add(await Drain.MeasureAsync(site, link, filled));
    }
    if (parsed.GetValue(json))
    {
        Console.WriteLine(JsonSerializer.Serialize(drains));
        return;
    }
    Console.WriteLine("| link | readings | seconds | readings/s | MB/s of records | bytes a reading | share of the link | CPU s of the agent a million | CPU s of the service |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
    foreach (Drain one in drains)
    {
        string share = one.LinkShare > 0 ? $"{one.LinkShare:P0}" : "";
        Console.WriteLine(
            $"| {one.Link} | {one.Readings:N0} | {one.Seconds:F1} | {one.Readings / one.Seconds:N0} | {one.RecordBytes / one.Seconds / 1e6:F2} | {(double)one.RecordBytes / one.Readings:F2} | {share} | {one.AgentSeconds * 1e6 / one.Readings:F2} | {one.ServiceSeconds:F1} |");
    }
});

var minutes = new Option<int>("--minutes") { Description = "How long each of the two is measured.", DefaultValueFactory = _ => 3 };
var cloud = new Option<string>("--cloud") { Description = "Further members of the agent's section \"cloud\", as JSON: another profile.", DefaultValueFactory = _ => "" };
var idle = new Command("idle", "What passes while a device has next to nothing to say, a day.") { minutes, cloud, json };
idle.SetAction(async (parsed, _) =>
{
    string more = parsed.GetValue(cloud)!;
    using Site site = await Site.CreateAsync(more.Length == 0 ? "" : $", {more}");
    Idle result = await Idle.MeasureAsync(site, parsed.GetValue(minutes));
    Console.WriteLine(parsed.GetValue(json)
        ? JsonSerializer.Serialize(result)
        : $"bytes a day, both directions, from {result.Minutes} min: nothing published {result.QuietBytesADay:N0}; one message of {Site.ValuesPerMessage} values a minute {result.BatchBytesADay:N0}");
});

var steady = new Command("steady", "What passes a day with one reading a second that waits for nobody. Minutes: whole batches, so multiples of 5 for a metered line.") { minutes, cloud, json };
steady.SetAction(async (parsed, _) =>
{
    string more = parsed.GetValue(cloud)!;
    using Site site = await Site.CreateAsync(more.Length == 0 ? "" : $", {more}");
    Steady result = await Steady.MeasureAsync(site, parsed.GetValue(minutes));
    Console.WriteLine(parsed.GetValue(json)
        ? JsonSerializer.Serialize(result)
        : $"from {result.Minutes} min with {result.Readings} readings: {result.Up:F2} bytes sent and {result.Down:F2} received a reading; {(result.Up + result.Down) * 86_400:N0} a day of one reading a second");
});

return await new RootCommand("The uplink: how fast a backlog leaves, what silence costs, and what a sensor costs.") { drain, idle, steady }.Parse(args).InvokeAsync();

// Offline, through the intake, as a backlog comes about.
static async Task FillAsync(Site site, int readings)
{
    int intakePort = Loopback.FreePort();
    await using Supervised agent = site.Agent("filled", Loopback.FreePort(), intakePort);
    agent.Start();
    await agent.ReadyAsync();
    using var plant = new Plant(intakePort);
    await plant.ConnectAsync();
    await plant.PublishAsync(readings);
    await agent.StopAsync();
}
