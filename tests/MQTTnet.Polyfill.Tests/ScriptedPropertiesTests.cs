using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Polyfill.Tests;

/// <summary>What the program says reaches the wire, and what the server says reaches the program.</summary>
public sealed class ScriptedPropertiesTests : IDisposable
{
    // user property a=b and reason string "no"
    private static readonly byte[] Explained = [0x1F, 0, 2, (byte)'n', (byte)'o', 0x26, 0, 1, (byte)'a', 0, 1, (byte)'b'];

    private readonly ScriptedServer _server = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task CONNECT_says_nothing_that_was_not_asked_for()
    {
        string hex = await ConnectAsync(_ => { });

        // Protocol name and level 5; clean start; keep-alive of 15 s; no properties, so that the session ends with the connection.
        Assert.Equal("00044D515454" + "05" + "02" + "000F" + "00" + "0006" + Hex("client"), hex);
    }

    [Fact]
    public async Task CONNECT_asks_for_all_that_was_asked_for()
    {
        string hex = await ConnectAsync(options => options.WithCleanStart(false).WithSessionExpiryInterval(600).WithReceiveMaximum(20)
            .WithMaximumPacketSize(70_000).WithTopicAliasMaximum(8).WithRequestResponseInformation().WithRequestProblemInformation(false)
            .WithUserProperty("a", "b").WithKeepAlivePeriod(TimeSpan.FromSeconds(60)).WithCredentials("me", "pw"));

        Assert.StartsWith("00044D515454" + "05" + "C0" + "003C", hex, StringComparison.Ordinal);
        foreach (string property in new[] { "1100000258", "210014", "2700011170", "220008", "1901", "1700", "26" + "0001" + Hex("a") + "0001" + Hex("b") })
        {
            Assert.Contains(property, hex, StringComparison.Ordinal);
        }
        Assert.EndsWith("0006" + Hex("client") + "0002" + Hex("me") + "0002" + Hex("pw"), hex, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CONNECT_carries_the_whole_will()
    {
        string hex = await ConnectAsync(options => options.WithWillTopic("w").WithWillPayload("gone").WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain().WithWillDelayInterval(5).WithWillMessageExpiryInterval(60).WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithWillContentType("t").WithWillResponseTopic("r").WithWillCorrelationData([7]).WithWillUserProperty("a", "b"));

        // Clean start, will, QoS 1, retained.
        Assert.StartsWith("00044D515454" + "05" + "2E" + "000F", hex, StringComparison.Ordinal);
        foreach (string property in new[] { "1800000005", "020000003C", "0101", "030001" + Hex("t"), "080001" + Hex("r"), "09000107", "26" + "0001" + Hex("a") + "0001" + Hex("b") })
        {
            Assert.Contains(property, hex, StringComparison.Ordinal);
        }
        Assert.EndsWith("0001" + Hex("w") + "0004" + Hex("gone"), hex, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_CONNACK_says_is_in_the_result()
    {
        byte[] properties =
        [
            0x11, 0, 0, 0, 9, 0x21, 0, 20, 0x24, 1, 0x25, 0, 0x27, 0, 1, 0, 0, 0x12, 0, 1, (byte)'x', 0x22, 0, 8, .. Explained,
            0x28, 0, 0x29, 0, 0x2A, 0, 0x13, 0, 30, 0x1A, 0, 1, (byte)'r', 0x1C, 0, 1, (byte)'s',
        ];
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(_server.Options().Build());
        using ScriptedConnection connection = await _server.GreetAsync(sessionPresent: true, properties);
        MqttClientConnectResult result = await connecting.InTime();

        Assert.Equal((true, 9u, (ushort)20, 65_536u), (result.IsSessionPresent, result.SessionExpiryInterval, result.ReceiveMaximum, result.MaximumPacketSize));
        Assert.Equal((MqttQualityOfServiceLevel.AtLeastOnce, false, "x"), (result.MaximumQoS, result.RetainAvailable, result.AssignedClientIdentifier));
        Assert.Equal((8, "no", 30, "r", "s"), (result.TopicAliasMaximum, result.ReasonString, result.ServerKeepAlive, result.ResponseInformation, result.ServerReference));
        Assert.Equal((false, false, false), (result.WildcardSubscriptionAvailable, result.SubscriptionIdentifiersAvailable, result.SharedSubscriptionAvailable));
        Assert.Equal([new MqttUserProperty("a", "b")], result.UserProperties);
    }

    [Fact]
    public async Task The_reasons_of_PUBACK_SUBACK_and_UNSUBACK_reach_their_callers()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client);
        Task<MqttClientPublishResult> publishing = _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.AtLeastOnce);
        await connection.SendAsync(0x40, [0, (byte)(await connection.ReadAsync()).PublishId, 0x97, (byte)Explained.Length, .. Explained]);
        MqttClientPublishResult published = await publishing.InTime();
        Task<MqttClientSubscribeResult> subscribing = _client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a", MqttQualityOfServiceLevel.ExactlyOnce).WithTopicFilter("b").Build());
        await connection.SendAsync(0x90, [0, (byte)(await connection.ReadAsync()).PacketId, (byte)Explained.Length, .. Explained, 1, 0x87]);
        MqttClientSubscribeResult subscribed = await subscribing.InTime();
        Task<MqttClientUnsubscribeResult> unsubscribing = _client.UnsubscribeAsync("c");
        await connection.SendAsync(0xB0, [0, (byte)(await connection.ReadAsync()).PacketId, (byte)Explained.Length, .. Explained, 0x11]);
        MqttClientUnsubscribeResult unsubscribed = await unsubscribing.InTime();

        Assert.Equal((MqttClientPublishReasonCode.QuotaExceeded, "no"), (published.ReasonCode, published.ReasonString));
        Assert.Equal(
            [MqttClientSubscribeResultCode.GrantedQoS1, MqttClientSubscribeResultCode.NotAuthorized], subscribed.Items.Select(item => item.ResultCode));
        Assert.Equal(MqttClientUnsubscribeResultCode.NoSubscriptionExisted, Assert.Single(unsubscribed.Items).ResultCode);
        Assert.Equal(("no", "no"), (subscribed.ReasonString, unsubscribed.ReasonString));
        Assert.All([published.UserProperties, subscribed.UserProperties, unsubscribed.UserProperties], user => Assert.Equal([new MqttUserProperty("a", "b")], user));
    }

    [StricterFact("sends it, and the server closes the connection")]
    public async Task What_CONNACK_excludes_is_refused_here_and_the_connection_goes_on()
    {
        // Maximum QoS 1; neither retained messages, nor wildcards, nor subscription identifiers, nor shared subscriptions; topic aliases up to 2; packets up to 60 bytes.
        using ScriptedConnection connection = await _server.ConnectAsync(
            _client, properties: [0x24, 1, 0x25, 0, 0x28, 0, 0x29, 0, 0x2A, 0, 0x22, 0, 2, 0x27, 0, 0, 0, 60]);
        foreach (Func<Task> forbidden in new Func<Task>[]
        {
            () => _client.PublishStringAsync("a", "x", MqttQualityOfServiceLevel.ExactlyOnce),
            () => _client.PublishStringAsync("a", "x", retain: true),
            () => _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("a").WithTopicAlias(3).Build()),
            () => _client.PublishStringAsync("a", new string('x', 60)),
            () => _client.SubscribeAsync("a/#"),
            () => _client.SubscribeAsync("$share/group/a"),
            () => _client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("a").WithSubscriptionIdentifier(1).Build()),
            () => _client.SubscribeAsync(new string('a', 60)),
        })
        {
            await Assert.ThrowsAsync<MqttProtocolViolationException>(forbidden);
        }
        Assert.Empty(await connection.ReadUpToPingAsync(_client));

        await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("a").WithTopicAlias(2).Build()).InTime();
        await _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopicAlias(2).Build()).InTime();
        Assert.Equal(["0001" + Hex("a") + "03230002", "0000" + "03230002"], (await connection.ReadUpToPingAsync(_client)).Select(packet => Convert.ToHexString(packet.Body)));
    }

    [StricterFact("sends it, and the server closes the connection")]
    public async Task An_acknowledgement_leaves_out_its_words_where_the_server_takes_no_packet_so_large()
    {
        using ScriptedConnection connection = await _server.ConnectAsync(_client, properties: [0x27, 0, 0, 0, 30]);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            received.ReasonCode = MqttApplicationMessageReceivedReasonCode.QuotaExceeded;
            received.ResponseReasonString = new string('x', 30);
            return Task.CompletedTask;
        };
        await connection.PublishAsync("a", 5, quality: 1);

        Assert.Equal([0, 5, 0x97], (await connection.ReadAsync()).Body);
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private async Task<string> ConnectAsync(Action<MqttClientOptionsBuilder> configure)
    {
        MqttClientOptionsBuilder builder = _server.Options().WithCleanStart();
        configure(builder);
        Task<MqttClientConnectResult> connecting = _client.ConnectAsync(builder.Build());
        using ScriptedConnection connection = await _server.AcceptAsync();
        RawPacket packet = await connection.ReadAsync();
        await connection.SendAsync(0x20, 0, 0, 0);
        await connecting.InTime();
        return Convert.ToHexString(packet.Body);
    }
}
