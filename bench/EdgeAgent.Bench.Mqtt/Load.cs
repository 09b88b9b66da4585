using System.Diagnostics;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>Publishes as fast as the other side takes it, over several connections, and returns when everything is acknowledged.</summary>
internal static class Load
{
    public static int Run(Arguments arguments)
    {
        int each = arguments.Number("messages") / arguments.Number("connections");
        LoadConnection[] connections = [.. Enumerable.Range(0, arguments.Number("connections")).Select(number =>
            new LoadConnection(arguments.Number("port"), arguments.Number("quality"), arguments.Number("in-flight"), $"load-{number}"))];
        TimeSpan processor = Measured.ProcessorTime(Environment.ProcessId);
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. connections.Select(connection => new Thread(() => connection.Publish(each)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        new Measured((long)each * connections.Length, seconds, (Measured.ProcessorTime(Environment.ProcessId) - processor).TotalSeconds).Print();
        Array.ForEach(connections, connection => connection.Dispose());
        return 0;
    }

    /// <summary>The same in a process of its own, so that its work is not counted as that of the other side.</summary>
    public static Task<Measured> ByOtherProcessAsync(int port, int quality, long messages, int connections, int inFlight) => Measured.ByOtherProcessAsync(
        "load", "--port", $"{port}", "--quality", $"{quality}", "--messages", $"{messages}", "--connections", $"{connections}", "--in-flight", $"{inFlight}");
}
