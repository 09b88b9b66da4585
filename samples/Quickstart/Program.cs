using System.CommandLine;
using EdgeAgent.Samples;

var duration = new Option<TimeSpan?>("--for") { Description = "End by itself after this time, e.g. 20s or 2m.", CustomParser = CommandLineDuration.Parse };
var json = new Option<bool>("--json") { Description = "Print one line of JSON at the end and nothing else." };
var speed = new Option<double>("--speed") { Description = "How much faster than life the telemetry is replayed.", DefaultValueFactory = _ => 600 };
var broker = new Option<BrokerKind>("--broker") { Description = "none: devices publish straight to the agent. mosquitto: through that broker." };
var data = new Option<string?>("--data") { Description = "Keep database, certificates and spool in this folder." };
speed.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and <= 1_000_000))
    {
        result.AddError("--speed takes a number above 0, at most 1000000. 60 replays a minute of data in a second.");
    }
});

var root = new RootCommand("EdgeAgent from end to end: a device publishes, the agent buffers and uploads, the service stores and shows.")
{
    duration, json, speed, broker, data,
};
root.SetAction((parsed, stopping) => Quickstart.RunAsync(
    new QuickstartOptions(parsed.GetValue(duration), parsed.GetValue(json), parsed.GetValue(speed), parsed.GetValue(broker), parsed.GetValue(data)), stopping));
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
