using EdgeAgent.Sensors.Mqtt.Broker;
using MQTTnet;
using MQTTnet.Formatter;

namespace EdgeAgent.Doctor.Checks;

/// <summary>
/// Each broker that the configuration subscribes to: TCP, TLS, the login and the subscriptions, as a client of another name without a session. The running agent keeps
/// its own, and what is waiting in it.
/// </summary>
internal sealed class BrokerCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>The lowest reason code that refuses (MQTT 5.0, section 3.9.3; 3.1.1 has 0x80 alone).</summary>
    private const int FirstRefusal = 0x80;

    private const string SharePrefix = "$share/";

    public string Name => "broker";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => device.Known.Brokers.Count == 0
        ? [Diagnosis.Skipped("", "None is configured.")]
        : await Task.WhenAll(device.Known.Brokers.Select(broker => TryAsync(broker, cancellationToken))).ConfigureAwait(false);

    private static async Task<Diagnosis> TryAsync(MqttBrokerOptions broker, CancellationToken cancellationToken)
    {
        string place = broker.Address.Authority;
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        try
        {
            MqttClientConnectResult reply = await client.ConnectAsync(Options(broker), cancellationToken).ConfigureAwait(false);
            if (reply.ResultCode != MqttClientConnectResultCode.Success)
            {
                return Diagnosis.Fail(place, $"It does not let the agent in: {reply.ResultCode}.", Remedy(reply.ResultCode));
            }
            string[] refused = await SubscribeAsync(client, broker, cancellationToken).ConfigureAwait(false);
            await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().Build(), cancellationToken).ConfigureAwait(false);
            return refused.Length > 0
                ? Diagnosis.Fail(place, $"It does not let the agent subscribe to {string.Join(", ", refused)}.", "Allow these topics for the user in the broker's ACL.")
                : Diagnosis.Pass(place, $"It lets the agent in{(broker.UserName is null ? "" : $" as {broker.UserName}")} and takes its subscriptions.");
        }
        catch (UnauthorizedAccessException denied)
        {
            return Diagnosis.NeedsSudo(place, denied.Message);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return Diagnosis.Fail(
                place, $"It cannot be reached: {failure.GetBaseException().Message.TrimEnd('.')}.", "Look whether the broker runs, at the address and the port, and at ca where it speaks TLS.");
        }
    }

    /// <summary>QoS and session are the check's own: what is waiting for the agent is not touched, and a shared subscription would take its messages away.</summary>
    private static async Task<string[]> SubscribeAsync(IMqttClient client, MqttBrokerOptions broker, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        foreach (string filter in broker.Rules.Select(rule => rule.Topic.Filter).Where(filter => !filter.StartsWith(SharePrefix, StringComparison.Ordinal)))
        {
            MqttClientSubscribeResult result = await client.SubscribeAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false);
            refused.AddRange(result.Items.Where(item => (int)item.ResultCode >= FirstRefusal).Select(_ => filter));
        }
        return [.. refused];
    }

    private static MqttClientOptions Options(MqttBrokerOptions broker)
    {
        // 3.1.1, which every broker knows.
        MqttClientOptions options = BrokerConnection.Connect(broker, MqttProtocolVersion.V311);
        options.ClientId = $"edge-agent-doctor-{Guid.NewGuid():N}"[..23];
        options.CleanSession = true;
        return options;
    }

    private static string Remedy(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized => "Correct username and password of the entry, or the broker's password file.",
        MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy => "Look at the broker's log: it takes nobody at present.",
        _ => "Look at the broker's log.",
    };
}
