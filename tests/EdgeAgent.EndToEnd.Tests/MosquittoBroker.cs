using EdgeAgent.Testing;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>Debian's mosquitto with TLS and a password, on a free loopback port.</summary>
internal sealed class MosquittoBroker : IAsyncDisposable
{
    public const string User = "agent";
    public const string Password = "correct horse";

    private readonly ForeignProcess _process;

    private MosquittoBroker(ForeignProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <param name="folder">For its files.</param>
    /// <param name="certificates">A development CA's folder.</param>
    public static async Task<MosquittoBroker> StartAsync(TemporaryFolder folder, string certificates)
    {
        int port = Loopback.FreePort();
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "mosquitto_passwd", ["-b", "-c", folder["passwords"], User, Password], TimeSpan.FromSeconds(20));
        Assert.True(exitCode == 0, output);
        // The broker drops its rights when root starts it; what it must read has to be readable.
        foreach (string file in (string[])[folder["passwords"], Path.Combine(certificates, "server.key")])
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        }
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        await File.WriteAllTextAsync(folder["mosquitto.conf"], $"""
            listener {port} 127.0.0.1
            cafile {certificates}/ca.crt
            certfile {certificates}/server.crt
            keyfile {certificates}/server.key
            allow_anonymous false
            password_file {folder["passwords"]}
            max_queued_messages 0
            max_inflight_messages 0
            """);
        ForeignProcess process = ForeignProcess.Start(InstalledFactAttribute.Find("mosquitto")!, "-c", folder["mosquitto.conf"]);
        try
        {
            await Loopback.WaitForPortAsync(port, TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            string said = process.Output;
            await process.DisposeAsync();
            throw new InvalidOperationException($"mosquitto did not start:\n{said}");
        }
        return new MosquittoBroker(process, port);
    }

    /// <summary>Publishes each line of a file as a message at QoS 1 with Debian's mosquitto_pub, over TLS.</summary>
    public static async Task PublishLinesAsync(int port, string certificates, string topic, string linesFile, TimeSpan timeout)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "sh",
            ["-c", $"exec mosquitto_pub -h localhost -p {port} --cafile '{certificates}/ca.crt' -u {User} -P '{Password}' -V mqttv5 -q 1 -t '{topic}' -l < '{linesFile}'"],
            timeout);
        Assert.True(exitCode == 0, $"mosquitto_pub ended with {exitCode}: {output}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
