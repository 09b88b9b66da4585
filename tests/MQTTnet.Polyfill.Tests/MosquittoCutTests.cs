using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Testing;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit.Abstractions;

namespace MQTTnet.Polyfill.Tests;

/// <summary>The line to a broker that loses nothing is cut at random moments, again and again, in the middle of everything.</summary>
public sealed class MosquittoCutTests(ITestOutputHelper output)
{
    [StricterMosquittoFact("begins QoS 2 anew on every connection")]
    public async Task QoS_2_publishes_arrive_exactly_once_when_connections_are_cut() => await PublishAsync(
        MqttQualityOfServiceLevel.ExactlyOnce, (sent, arrived) => Assert.Equal(sent, arrived.Order()));

    [InstalledFact("mosquitto")]
    public async Task QoS_1_publishes_arrive_at_least_once_when_connections_are_cut() => await PublishAsync(
        MqttQualityOfServiceLevel.AtLeastOnce, (sent, arrived) => Assert.Equal(sent, arrived.Distinct().Order()));

    [StricterMosquittoFact("keeps no packet ids")]
    public async Task QoS_2_messages_are_handed_over_exactly_once_and_in_order_when_connections_are_cut() => await ReceiveAsync(
        MqttQualityOfServiceLevel.ExactlyOnce, (sent, arrived) => Assert.Equal(sent, arrived));

    [InstalledFact("mosquitto")]
    public async Task QoS_1_messages_are_handed_over_at_least_once_when_connections_are_cut() => await ReceiveAsync(
        MqttQualityOfServiceLevel.AtLeastOnce, (sent, arrived) => Assert.Equal(sent, arrived.Distinct().Order()));

    private async Task PublishAsync(MqttQualityOfServiceLevel quality, Action<IEnumerable<int>, IReadOnlyList<int>> check)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var network = new TcpRelay(broker.Port);
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            var arrived = new ConcurrentQueue<int>();
            using IMqttClient watcher = new MqttClientFactory().CreateMqttClient();
            watcher.ApplicationMessageReceivedAsync += message => Take(arrived, message);
            await watcher.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build()).InTime();
            await watcher.SubscribeAsync($"{version}", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
            await using var publisher = new DurableClient(network.Port, $"publisher-{version}", version);
            await publisher.StartAsync();

            int next = 0;
            using var stop = new CancellationTokenSource();
            Task[] publishing = [.. Enumerable.Range(0, 8).Select(async _ =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await publisher.PublishAsync(Message($"{version}", Interlocked.Increment(ref next) - 1, quality));
                }
            })];
            int cuts = await CutAsync(network);
            await stop.CancelAsync();
            await Task.WhenAll(publishing).InTime();

            await Eventually.TrueAsync(() => arrived.Distinct().Count() == next, Patience.Limit, () => $"{next} published, {arrived.Count} arrived");
            await watcher.PingAsync().InTime();
            output.WriteLine($"{version}: {next} published, {arrived.Count} arrived, {cuts} cuts");
            check(Enumerable.Range(0, next), [.. arrived]);
        }
    }

    private async Task ReceiveAsync(MqttQualityOfServiceLevel quality, Action<IEnumerable<int>, IReadOnlyList<int>> check)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using var network = new TcpRelay(broker.Port);
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            var arrived = new ConcurrentQueue<int>();
            await using var subscriber = new DurableClient(network.Port, $"subscriber-{version}", version);
            subscriber.Client.ApplicationMessageReceivedAsync += async message =>
            {
                // So that connections end in the middle of handlers too.
                await Task.Yield();
                await Take(arrived, message);
            };
            await subscriber.StartAsync();
            await subscriber.Client.SubscribeAsync($"{version}", quality).InTime();
            using IMqttClient publisher = new MqttClientFactory().CreateMqttClient();
            await publisher.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build()).InTime();

            int next = 0;
            using var stop = new CancellationTokenSource();
            Task publishing = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await publisher.PublishAsync(Message($"{version}", next++, quality));
                }
            });
            int cuts = await CutAsync(network);
            await stop.CancelAsync();
            await publishing.InTime();

            await Eventually.TrueAsync(() => arrived.Distinct().Count() == next, Patience.Limit, () => $"{next} published, {arrived.Count} arrived");
            output.WriteLine($"{version}: {next} published, {arrived.Count} handed over, {cuts} cuts");
            check(Enumerable.Range(0, next), [.. arrived]);
        }
    }

    private async Task<int> CutAsync(TcpRelay network)
    {
        var chance = new Chance(output);
        int cuts = 0;
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Chance.Duration / 2)
        {
            await chance.MomentAsync(100);
            network.Cut();
            network.Restore();
            cuts++;
        }
        return cuts;
    }

    private static Task Take(ConcurrentQueue<int> arrived, MqttApplicationMessageReceivedEventArgs message)
    {
        arrived.Enqueue(int.Parse(message.ApplicationMessage.ConvertPayloadToString()!, CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    private static MqttApplicationMessage Message(string topic, int number, MqttQualityOfServiceLevel quality) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload($"{number}").WithQualityOfServiceLevel(quality).Build();
}
