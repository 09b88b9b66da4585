using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Sensors.Mqtt.Broker;

/// <summary>A number for the session that a broker keeps for this client, the same in every run.</summary>
internal static class BrokerSession
{
    /// <summary>Of what makes the session: the broker and the client id. The name in the log may change without it.</summary>
    public static uint Of(MqttBrokerOptions options) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Address.Authority}\n{options.ClientId}")));
}
