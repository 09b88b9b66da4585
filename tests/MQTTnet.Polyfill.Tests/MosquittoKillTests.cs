using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EdgeAgent.Testing;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit.Abstractions;

namespace MQTTnet.Polyfill.Tests;

/// <summary>kill -9 of a broker in the middle of everything. What the broker has forgotten is counted apart, see <see cref="BrokerKills"/>.</summary>
public sealed class MosquittoKillTests(ITestOutputHelper output)
{
    [InstalledFact("mosquitto")]
    public async Task QoS_1_publishes_that_were_acknowledged_are_not_lost_when_the_broker_is_killed() =>
        await PublishAsync(MqttQualityOfServiceLevel.AtLeastOnce);

    [StricterMosquittoFact("begins QoS 2 anew on every connection")]
    public async Task QoS_2_publishes_that_were_acknowledged_arrive_exactly_once_when_the_broker_is_killed() =>
        await PublishAsync(MqttQualityOfServiceLevel.ExactlyOnce);

    [InstalledFact("mosquitto")]
    public async Task QoS_1_messages_are_all_handed_over_when_the_broker_is_killed() => await ReceiveAsync(MqttQualityOfServiceLevel.AtLeastOnce);

    [StricterMosquittoFact("keeps no packet ids")]
    public async Task QoS_2_messages_are_all_handed_over_when_the_broker_is_killed_and_none_again_that_it_had_written_as_finished() => await ReceiveAsync(MqttQualityOfServiceLevel.ExactlyOnce);

    private async Task PublishAsync(MqttQualityOfServiceLevel quality)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => BrokerKills.Settings(folder, changes: 1));
        // Its queue is the broker's memory of what arrived: it looks at it only when all is over.
        await using var subscriber = new DurableClient(broker.Port, "subscriber", MqttProtocolVersion.V500);
        var arrived = new ConcurrentQueue<int>();
        subscriber.Client.ApplicationMessageReceivedAsync += message => Take(arrived, message);
        await subscriber.StartAsync();
        await subscriber.Client.SubscribeAsync("numbers", MqttQualityOfServiceLevel.ExactlyOnce).InTime();
        await subscriber.PauseAsync().InTime();
        await using var publisher = new DurableClient(broker.Port, "publisher", MqttProtocolVersion.V500);
        await publisher.StartAsync();
        await broker.SaveAsync();

        var published = new ConcurrentDictionary<int, (DateTime From, DateTime To)>();
        int next = 0;
        using var stop = new CancellationTokenSource();
        Task[] publishing = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                int number = Interlocked.Increment(ref next) - 1;
                DateTime from = DateTime.UtcNow;
                await publisher.PublishAsync(new MqttApplicationMessageBuilder()
                    .WithTopic("numbers").WithPayload($"{number}").WithQualityOfServiceLevel(quality).Build());
                published[number] = (from, DateTime.UtcNow);
            }
        })];
        BrokerKills kills = await KillAsync(broker, pause: 200);
        await stop.CancelAsync();
        await Task.WhenAll(publishing).InTime();
        await publisher.Client.PublishStringAsync("numbers", "-1", MqttQualityOfServiceLevel.ExactlyOnce).InTime();

        await subscriber.StartAsync().InTime();
        await Eventually.TrueAsync(() => arrived.Contains(-1), Patience.Limit, "the last message has come");
        await subscriber.Client.PingAsync().InTime();
        int[] lost = [.. published.Keys.Except(arrived).Order()];
        int[] lostWithoutExcuse = [.. lost.Where(number => !kills.Concern(published[number].From, published[number].To))];
        int repeated = arrived.Count - arrived.Distinct().Count();
        output.WriteLine($"{published.Count} acknowledged, {kills.Count} kills, {lost.Length} forgotten by the broker, {repeated} repeated");
        Assert.Empty(lostWithoutExcuse);
        Assert.True(quality == MqttQualityOfServiceLevel.AtLeastOnce || repeated == 0, $"{repeated} came more than once");
    }

    private async Task ReceiveAsync(MqttQualityOfServiceLevel quality)
    {
        int count = Chance.IsLong ? 30_000 : 1_500;
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => BrokerKills.Settings(folder, changes: 20));
        var handled = new ConcurrentQueue<(int Number, DateTime At)>();
        await using var subscriber = new DurableClient(broker.Port, "subscriber", MqttProtocolVersion.V500);
        subscriber.Client.ApplicationMessageReceivedAsync += async message =>
        {
            await Task.Delay(1);
            handled.Enqueue((Number(message), DateTime.UtcNow));
        };
        await subscriber.StartAsync();
        await subscriber.Client.SubscribeAsync("numbers", quality).InTime();
        await subscriber.PauseAsync().InTime();
        await using (var publisher = new DurableClient(broker.Port, "publisher", MqttProtocolVersion.V500))
        {
            await publisher.StartAsync();
            await Task.WhenAll(Enumerable.Range(0, count).Select(number => publisher.Client.PublishStringAsync("numbers", $"{number}", quality))).InTime();
        }
        await broker.SaveAsync();

        await subscriber.StartAsync();
        BrokerKills kills = await KillAsync(broker, pause: 1_500, () => handled.Select(message => message.Number).Distinct().Count() < count);

        await Eventually.TrueAsync(
            () => handled.Select(message => message.Number).Distinct().Count() == count, Patience.Limit, () => $"{handled.Count} of {count} were handed over");
        await subscriber.Client.PingAsync().InTime();
        var repeated = handled.GroupBy(message => message.Number).Where(group => group.Count() > 1).ToList();
        // The handshake goes on after the handler. Half a second is much for that, and the broker has written since.
        var repeatedWithoutExcuse = repeated.Where(group => !kills.Concern(group.First().At, group.First().At.AddSeconds(0.5))).ToList();
        output.WriteLine($"{count} published, {handled.Count} handed over, {kills.Count} kills, {repeated.Count} repeated");
        Assert.True(quality == MqttQualityOfServiceLevel.AtLeastOnce || repeatedWithoutExcuse.Count == 0, $"{repeatedWithoutExcuse.Count} were handed over more than once");
    }

    private async Task<BrokerKills> KillAsync(Mosquitto broker, int pause, Func<bool>? goesOn = null)
    {
        var chance = new Chance(output);
        var kills = new BrokerKills();
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Chance.Duration && goesOn?.Invoke() != false)
        {
            await chance.MomentAsync(pause);
            await kills.KillAsync(broker);
        }
        return kills;
    }

    private static int Number(MqttApplicationMessageReceivedEventArgs message) =>
        int.Parse(message.ApplicationMessage.ConvertPayloadToString()!, CultureInfo.InvariantCulture);

    private static Task Take(ConcurrentQueue<int> arrived, MqttApplicationMessageReceivedEventArgs message)
    {
        arrived.Enqueue(Number(message));
        return Task.CompletedTask;
    }
}
