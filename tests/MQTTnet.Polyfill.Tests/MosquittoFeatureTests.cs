using System.Buffers;
using EdgeAgent.Testing;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

/// <summary>What 5.0 offers to subscribers and publishers, as a broker that nobody here wrote understands it.</summary>
public sealed class MosquittoFeatureTests
{
    [InstalledFact("mosquitto")]
    public async Task A_shared_subscription_gives_each_message_to_one_of_two_clients()
    {
        const int count = 200;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            using IMqttClient publisher = await ConnectAsync(broker, version);
            using IMqttClient one = await ConnectAsync(broker, version);
            using IMqttClient other = await ConnectAsync(broker, version);
            var boxes = new[] { new Inbox(one), new Inbox(other) };
            foreach (IMqttClient worker in new[] { one, other })
            {
                await worker.SubscribeAsync("$share/workers/jobs/#", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
            }

            await Task.WhenAll(Enumerable.Range(0, count).Select(number => publisher.PublishStringAsync("jobs/new", $"{number}", MqttQualityOfServiceLevel.AtLeastOnce))).InTime();

            await Eventually.TrueAsync(() => boxes.Sum(box => box.Count) == count, Patience.Limit, "all jobs are given out");
            Assert.All(boxes, box => Assert.InRange(box.Count, 1, count - 1));
            Assert.Equal(Enumerable.Range(0, count), (await Numbers(boxes[0])).Concat(await Numbers(boxes[1])).Order());
        }
    }

    [InstalledFact("mosquitto")]
    public async Task No_local_keeps_a_clients_own_messages_from_it()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = await ConnectAsync(broker);
        using IMqttClient another = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a", noLocal: true).Build()).InTime();

        await client.PublishStringAsync("a", "own", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
        await another.PublishStringAsync("a", "another's", MqttQualityOfServiceLevel.AtLeastOnce).InTime();

        Assert.Equal("another's", Text(await inbox.NextAsync()));
    }

    [InstalledFact("mosquitto")]
    public async Task Retained_messages_come_as_each_subscription_wants_them()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        await client.PublishStringAsync("kept", "old", MqttQualityOfServiceLevel.AtLeastOnce, retain: true).InTime();
        MqttClientSubscribeOptions Options(MqttRetainHandling handling, bool retainAsPublished = false) => new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter("kept", MqttQualityOfServiceLevel.AtLeastOnce, retainAsPublished: retainAsPublished, retainHandling: handling).Build();

        await client.SubscribeAsync(Options(MqttRetainHandling.DoNotSendOnSubscribe)).InTime();
        // The subscription exists by now.
        await client.SubscribeAsync(Options(MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly)).InTime();
        await client.PublishStringAsync("kept", "new", MqttQualityOfServiceLevel.AtLeastOnce, retain: true).InTime();
        MqttApplicationMessage live = (await inbox.NextAsync()).ApplicationMessage;
        await client.UnsubscribeAsync("kept").InTime();
        await client.SubscribeAsync(Options(MqttRetainHandling.SendAtSubscribe, retainAsPublished: true)).InTime();
        MqttApplicationMessage kept = (await inbox.NextAsync()).ApplicationMessage;
        await client.PublishStringAsync("kept", "newer", MqttQualityOfServiceLevel.AtLeastOnce, retain: true).InTime();
        MqttApplicationMessage asPublished = (await inbox.NextAsync()).ApplicationMessage;

        Assert.Equal(
            [("new", false), ("new", true), ("newer", true)],
            new[] { live, kept, asPublished }.Select(message => (message.ConvertPayloadToString(), message.Retain)));
    }

    [InstalledFact("mosquitto")]
    public async Task Every_subscription_that_matches_leaves_its_identifier()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithSubscriptionIdentifier(1).WithTopicFilter("a/+").Build()).InTime();
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithSubscriptionIdentifier(268_435_455).WithTopicFilter("b/#").Build()).InTime();

        await client.PublishStringAsync("a/b", "1").InTime();
        await client.PublishStringAsync("b/c", "2").InTime();

        Assert.Equal([1u], (await inbox.NextAsync()).ApplicationMessage.SubscriptionIdentifiers);
        Assert.Equal([268_435_455u], (await inbox.NextAsync()).ApplicationMessage.SubscriptionIdentifiers);
    }

    [InstalledFact("mosquitto")]
    public async Task A_question_is_answered_where_its_asker_wants_it()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient asker = await ConnectAsync(broker);
        using IMqttClient answerer = await ConnectAsync(broker);
        answerer.ApplicationMessageReceivedAsync += question => answerer.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic(question.ApplicationMessage.ResponseTopic!).WithCorrelationData(question.ApplicationMessage.CorrelationData)
            .WithPayload("42").WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData).Build());
        await answerer.SubscribeAsync("questions").InTime();
        var inbox = new Inbox(asker);
        await asker.SubscribeAsync("answers").InTime();

        await asker.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("questions").WithResponseTopic("answers").WithCorrelationData([4, 2]).Build()).InTime();

        MqttApplicationMessage answer = (await inbox.NextAsync()).ApplicationMessage;
        Assert.Equal(("42", MqttPayloadFormatIndicator.CharacterData), (answer.ConvertPayloadToString(), answer.PayloadFormatIndicator));
        Assert.Equal([4, 2], answer.CorrelationData);
    }

    [InstalledFact("mosquitto")]
    public async Task A_message_that_expires_before_its_subscriber_is_back_does_not_come()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient subscriber = await ConnectAsync(broker, configure: Durable);
        await subscriber.SubscribeAsync("a", MqttQualityOfServiceLevel.AtLeastOnce).InTime();
        await subscriber.DisconnectAsync().InTime();
        using IMqttClient publisher = await ConnectAsync(broker);
        foreach ((string payload, uint seconds) in new[] { ("short", 1u), ("long", 600u), ("for ever", 0u) })
        {
            await publisher.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("a").WithPayload(payload).WithMessageExpiryInterval(seconds)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()).InTime();
        }

        // The broker's clock is what decides, and it counts in seconds.
        await Task.Delay(TimeSpan.FromSeconds(2.1));
        var inbox = new Inbox(subscriber);
        await subscriber.ConnectAsync(subscriber.Options!).InTime();

        Assert.Equal(["long", "for ever"], (await inbox.NextAsync(2)).Select(Text));
    }

    [InstalledFact("mosquitto")]
    public async Task A_topic_alias_that_the_publisher_sets_stands_for_the_topic()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient client = await ConnectAsync(broker);
        var inbox = new Inbox(client);
        await client.SubscribeAsync("a/long/topic").InTime();

        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("a/long/topic").WithTopicAlias(1).WithPayload("1").Build()).InTime();
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopicAlias(1).WithPayload("2").Build()).InTime();

        Assert.Equal([("a/long/topic", "1"), ("a/long/topic", "2")], (await inbox.NextAsync(2)).Select(message => (message.ApplicationMessage.Topic, Text(message))));
    }

    [InstalledFact("mosquitto")]
    public async Task The_whole_will_is_published_after_its_delay_and_not_where_the_client_returns()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient watcher = await ConnectAsync(broker);
        var inbox = new Inbox(watcher);
        await watcher.SubscribeAsync("wills/#").InTime();
        foreach (string name in new[] { "returns", "stays" })
        {
            IMqttClient lost = await ConnectAsync(broker, configure: options => Durable(options).WithClientId(name).WithWillTopic($"wills/{name}").WithWillPayload([1, 2])
                .WithWillDelayInterval(2).WithWillMessageExpiryInterval(600).WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator.Unspecified)
                .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithWillContentType("t").WithWillResponseTopic("r")
                .WithWillCorrelationData([3]).WithWillUserProperty("a", "b"));
            lost.Dispose();
        }
        using IMqttClient returned = await ConnectAsync(broker, configure: options => Durable(options).WithClientId("returns"));

        MqttApplicationMessage will = (await inbox.NextAsync()).ApplicationMessage;
        Assert.Equal(("wills/stays", "t", "r"), (will.Topic, will.ContentType, will.ResponseTopic));
        Assert.Equal([1, 2], will.Payload.ToArray());
        Assert.Equal([3], will.CorrelationData);
        Assert.Equal([new MqttUserProperty("a", "b")], will.UserProperties);
        Assert.InRange(will.MessageExpiryInterval, 590u, 600u);
        Assert.True(inbox.IsEmpty);
    }

    [InstalledFact("mosquitto")]
    public async Task A_disconnect_may_ask_for_the_will()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient watcher = await ConnectAsync(broker);
        var inbox = new Inbox(watcher);
        await watcher.SubscribeAsync("w").InTime();
        using IMqttClient client = await ConnectAsync(broker, configure: options => options.WithWillTopic("w").WithWillPayload("gone"));

        await client.DisconnectAsync(MqttClientDisconnectOptionsReason.DisconnectWithWillMessage).InTime();

        Assert.Equal("gone", Text(await inbox.NextAsync()));
    }

    [InstalledFact("mosquitto")]
    public async Task What_access_rules_forbid_is_told_by_reason_codes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(folder =>
        {
            File.WriteAllText(folder["acl"], "topic readwrite mine/#\n");
            return $"{MosquittoSettings.Anonymous}\nacl_file {folder["acl"]}";
        });
        using IMqttClient client = await ConnectAsync(broker);
        foreach (MqttQualityOfServiceLevel quality in new[] { MqttQualityOfServiceLevel.AtLeastOnce, MqttQualityOfServiceLevel.ExactlyOnce })
        {
            MqttClientPublishResult allowed = await client.PublishStringAsync("mine/a", "x", quality).InTime();
            MqttClientPublishResult forbidden = await client.PublishStringAsync("yours/a", "x", quality).InTime();

            Assert.True(allowed.IsSuccess);
            Assert.Equal((false, MqttClientPublishReasonCode.NotAuthorized), (forbidden.IsSuccess, forbidden.ReasonCode));
        }
        Assert.True(client.IsConnected);
    }

    private static MqttClientOptionsBuilder Durable(MqttClientOptionsBuilder options) => options.WithClientId("durable").WithCleanStart(false).WithSessionExpiryInterval(600);

    private static string? Text(MqttApplicationMessageReceivedEventArgs message) => message.ApplicationMessage.ConvertPayloadToString();

    private static async Task<IEnumerable<int>> Numbers(Inbox box) => (await box.NextAsync(box.Count)).Select(message => int.Parse(Text(message)!, null));

    private static async Task<IMqttClient> ConnectAsync(
        Mosquitto broker, MqttProtocolVersion version = MqttProtocolVersion.V500, Func<MqttClientOptionsBuilder, MqttClientOptionsBuilder>? configure = null)
    {
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(version);
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await client.ConnectAsync((configure?.Invoke(options) ?? options).Build()).InTime();
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return client;
    }
}
