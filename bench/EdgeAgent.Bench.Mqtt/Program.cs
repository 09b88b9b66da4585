using EdgeAgent.Bench.Mqtt;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Mqtt -- intake|client [--seconds N] [--json]
// intake: publishers in another process flood the agent's intake, and then a mosquitto.
// client: a mosquitto sends the same messages to a client of ours and to mosquitto_sub, each in a process of its own.
// load and receive are those other processes.
return args switch
{
    ["intake", .. string[] more] => await IntakeRun.RunAsync(Arguments.Parse(more)),
    ["client", .. string[] more] => await ClientRun.RunAsync(Arguments.Parse(more)),
    ["load", .. string[] more] => Load.Run(Arguments.Parse(more)),
    ["receive", .. string[] more] => await Receiver.RunAsync(Arguments.Parse(more)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Use: intake|client [--seconds N] [--json]");
    return 2;
}
