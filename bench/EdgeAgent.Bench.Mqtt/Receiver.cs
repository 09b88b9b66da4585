using System.Diagnostics;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Bench.Mqtt;

/// <summary>A client of ours that counts what it receives. The first tenth is not measured: it compiles the code.</summary>
internal static class Receiver
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        int messages = arguments.Number("messages");
        int warmUp = messages / 10;
        int received = 0;
        long started = 0;
        long allocated = 0;
        TimeSpan processor = default;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += _ =>
        {
            received++;
            if (received == warmUp)
            {
                (started, processor, allocated) = (Stopwatch.GetTimestamp(), Measured.ProcessorTime(Environment.ProcessId), GC.GetTotalAllocatedBytes());
            }
            if (received == messages)
            {
                done.SetResult();
            }
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += ended =>
        {
            done.TrySetException(ended.Exception ?? new InvalidOperationException($"The connection ended: {ended.Reason}."));
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", arguments.Number("port")).Build());
        await client.SubscribeAsync(LoadConnection.Topic, (MqttQualityOfServiceLevel)arguments.Number("quality"));
        await done.Task;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double used = (Measured.ProcessorTime(Environment.ProcessId) - processor).TotalSeconds;
        new Measured(messages - warmUp, seconds, used, GC.GetTotalAllocatedBytes() - allocated).Print();
        return 0;
    }
}
