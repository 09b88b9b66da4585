using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Mqtt;

/// <summary>A mosquitto on a free port that keeps everything that it is told to keep.</summary>
internal sealed class BrokerMosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    private readonly ForeignProcess _process;

    private BrokerMosquitto(ForeignProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<BrokerMosquitto> StartAsync(TemporaryFolder folder, int? port = null, string more = "allow_anonymous true")
    {
        int listen = port ?? Loopback.FreePort();
        // A broker that is started by root drops its rights; what it must read has to be readable.
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(folder["mosquitto.conf"], $"listener {listen} 127.0.0.1\n{more}\n");
        ForeignProcess process = ForeignProcess.Start(InstalledFactAttribute.Find("mosquitto")!, "-c", folder["mosquitto.conf"]);
        await Loopback.WaitForPortAsync(listen, Enough);
        return new BrokerMosquitto(process, listen);
    }

    public async Task PublishAsync(string topic, string message, params string[] more)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            InstalledFactAttribute.Find("mosquitto_pub")!,
            ["-h", "127.0.0.1", "-p", $"{Port}", "-q", "1", "-t", topic, "-m", message, .. more],
            Enough);
        Assert.True(exitCode == 0, output);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
