using System.Buffers;
using EdgeAgent.Sensors.Mqtt.Broker;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Scanning;

/// <summary>
/// The topics of a broker: subscribes to all of them for some seconds, QoS 0, as a client of its own without a session, and publishes nothing. A
/// running agent keeps its session.
/// </summary>
/// <param name="broker">Where, and how to log in.</param>
/// <param name="listening">How long.</param>
/// <param name="time">The clock.</param>
internal sealed class MqttScan(MqttBrokerOptions broker, TimeSpan listening, TimeProvider time) : IScan
{
    /// <summary>More than a person looks through.</summary>
    private const int MostTopics = 1_000;

    /// <summary>What is longer is no reading.</summary>
    private const int LongestPayload = 64 << 10;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Finding> _topics = new(StringComparer.Ordinal);
    private int _leftOut;

    public ScanKind Kind => ScanKind.Mqtt;

    public async Task<ScanReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new ScanReport();
        report.LookedAt.Add($"the broker {broker.Address.Authority}");
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += Received;
        try
        {
            MqttClientConnectResult reply = await client.ConnectAsync(Options(), cancellationToken).ConfigureAwait(false);
            if (reply.ResultCode != MqttClientConnectResultCode.Success)
            {
                report.Problems.Add($"The broker {broker.Address.Authority} answered {reply.ResultCode}. Give --config with a file that has its user and password.");
                return report;
            }
            await client.SubscribeAsync("#", MqttQualityOfServiceLevel.AtMostOnce, cancellationToken).ConfigureAwait(false);
            await Task.Delay(listening, time, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            report.Problems.Add($"The broker {broker.Address.Authority} was not listened to: {failure.GetBaseException().Message.TrimEnd('.')}. Give another by --broker HOST:PORT.");
        }
        lock (_gate)
        {
            report.Findings.AddRange(_topics.Values);
            if (_leftOut > 0)
            {
                report.Problems.Add($"{_leftOut} messages came on other topics than the first {MostTopics}, and are not listed.");
            }
        }
        return report;
    }

    private MqttClientOptions Options()
    {
        // 3.1.1, which every broker knows.
        MqttClientOptions options = BrokerConnection.Connect(broker, MqttProtocolVersion.V311);
        options.ClientId = $"edge-agent-scan-{Guid.NewGuid():N}"[..23];
        options.CleanSession = true;
        return options;
    }

    private Task Received(MqttApplicationMessageReceivedEventArgs received)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        byte[] payload = message.Payload.Slice(0, Math.Min(message.Payload.Length, LongestPayload)).ToArray();
        lock (_gate)
        {
            if (_topics.ContainsKey(message.Topic))
            {
                return Task.CompletedTask;
            }
            if (_topics.Count == MostTopics)
            {
                _leftOut++;
                return Task.CompletedTask;
            }
            _topics.Add(message.Topic, Describe(message.Topic, payload));
        }
        return Task.CompletedTask;
    }

    private Finding Describe(string topic, byte[] payload)
    {
        TopicGuess guess = TopicGuess.Of(topic, payload);
        string remark = $"such as {TopicGuess.Sample(payload)}";
        if (guess.Rule is null)
        {
            return new Finding(Kind, topic, guess.Kind, Certainty.Doubtful, remark);
        }
        var parent = new EntryParent("broker", JsonText.OfText(broker.Address.GetLeftPart(UriPartial.Authority)), "subscribe");
        return new Finding(Kind, topic, guess.Kind, Certainty.Recognised, remark) { Entry = new ConfigEntry("mqtt", guess.Rule, parent) };
    }
}
