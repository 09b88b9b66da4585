namespace EdgeAgent.Testing;

/// <summary>Debian's mosquitto_pub at QoS 1, to whatever listens on a loopback port.</summary>
public static class MosquittoPub
{
    /// <summary>Publishes one message, and returns when it is acknowledged.</summary>
    public static async Task SendAsync(int port, string topic, string message, params string[] more) =>
        Check(await ForeignProcess.RunAsync(
            InstalledFactAttribute.Find("mosquitto_pub")!,
            ["-h", "127.0.0.1", "-p", $"{port}", "-q", "1", "-t", topic, "-m", message, .. more],
            TimeSpan.FromSeconds(20)));

    /// <summary>Publishes each line of a file as a message, and returns when all are acknowledged.</summary>
    public static async Task SendLinesAsync(int port, string topic, string file, TimeSpan timeout, params string[] more) =>
        Check(await ForeignProcess.RunAsync(
            "sh",
            ["-c", "file=$1; shift; exec mosquitto_pub \"$@\" < \"$file\"", "sh", file, "-h", "localhost", "-p", $"{port}", "-q", "1", "-t", topic, "-l", .. more],
            timeout));

    private static void Check((int ExitCode, string Output) ended)
    {
        if (ended.ExitCode != 0)
        {
            throw new InvalidOperationException($"mosquitto_pub ended with {ended.ExitCode}: {ended.Output}");
        }
    }
}
