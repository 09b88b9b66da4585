using System.Globalization;
using EdgeAgent.Testing;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>
/// One mosquitto sends every message to a client of ours and to mosquitto_sub, both subscribed at the same time, so that both get the same
/// messages in the same way. Its single thread decides the rate; what differs is what receiving costs.
/// </summary>
internal static class ClientRun
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        // What mosquitto on one core of a small machine gives out to two subscribers in a second, about.
        int messages = arguments.Seconds * 50_000;
        var report = new Report(arguments.Json, $"client: {messages:N0} messages of {LoadConnection.PayloadLength} B, MQTT 5.0");
        for (int quality = 0; quality <= 1; quality++)
        {
            await using Mosquitto broker = await Mosquitto.StartAsync(_ => $"{MosquittoSettings.Anonymous}\nlog_type subscribe\nlog_type error");
            Task<Measured> ours = Measured.ByOtherProcessAsync("receive", "--port", $"{broker.Port}", "--quality", $"{quality}", "--messages", $"{messages}");
            Task<Measured> theirs = SubscribeAsync(broker.Port, quality, messages);
            await AwaitSubscribersAsync(broker, 2);
            Measured load = await Load.ByOtherProcessAsync(broker.Port, quality, messages, connections: 1, inFlight: 256);
            report.Add($"QoS {quality}, our client", await ours, load);
            report.Add($"QoS {quality}, mosquitto_sub", await theirs, load);
            report.AddRatio($"QoS {quality}, ratio", await ours, await theirs);
        }
        report.Print();
        return 0;
    }

    /// <summary>The shell says at its end what its child has used. The child writes each payload to where nothing is kept.</summary>
    private static async Task<Measured> SubscribeAsync(int port, int quality, int messages)
    {
        string command = $"mosquitto_sub -V mqttv5 -h 127.0.0.1 -p {port} -q {quality} -t '{LoadConnection.Topic}' -C {messages} > /dev/null; times";
        (int exitCode, string output) = await ForeignProcess.RunAsync("sh", ["-c", command], TimeSpan.FromMinutes(5));
        string[] used = output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return exitCode == 0 ? new Measured(messages, double.NaN, Parse(used[2]) + Parse(used[3])) : throw new InvalidOperationException(output);
    }

    /// <summary>Such as 0m1.250s.</summary>
    private static double Parse(string time)
    {
        string[] parts = time.TrimEnd('s').Split('m');
        return (60 * double.Parse(parts[0], CultureInfo.InvariantCulture)) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    private static async Task AwaitSubscribersAsync(Mosquitto broker, int count) =>
        await Eventually.TrueAsync(() => broker.Output.Split(LoadConnection.Topic).Length > count, TimeSpan.FromSeconds(20), "both have subscribed");
}
