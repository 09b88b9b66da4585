using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;

namespace EdgeAgent.Sensors.Mqtt;

/// <summary>Section <c>mqtt</c>: a list in which "broker" or "listen" tells which of the two an entry is.</summary>
internal static class MqttOptionsReader
{
    /// <summary>IANA's ports of MQTT without and with TLS.</summary>
    public const int PlainPort = 1883, TlsPort = 8883;

    public const string PlainScheme = "mqtt", TlsScheme = "mqtts";

    public static void Read(ConfigSection root, List<MqttBrokerOptions> brokers, List<MqttIntakeOptions> intakes)
    {
        foreach (ConfigSection source in root.Sections("mqtt"))
        {
            switch (source.Has("broker"), source.Has("listen"))
            {
                case (true, false):
                    brokers.Add(BrokerOptionsReader.Read(source));
                    break;
                case (false, true):
                    if (IntakeOptionsReader.Read(source) is { } intake)
                    {
                        intakes.Add(intake);
                    }
                    break;
                default:
                    source.ReportSection("It is not clear what this is. Give either \"broker\" (to subscribe to one) or \"listen\" (to be published to).");
                    source.Abandon();
                    break;
            }
        }
    }
}
