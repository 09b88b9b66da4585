using System.Text;
using EdgeAgent.Mqtt;
using MQTTnet.Exceptions;

namespace MQTTnet.Internal;

/// <summary>Refuses topics and filters here, before the server does so by closing the connection.</summary>
internal static class TopicRules
{
    public static void ThrowIfInvalid(MqttApplicationMessage message)
    {
        bool isAliased = message.TopicAlias != 0 && string.IsNullOrEmpty(message.Topic);
        if (!isAliased && !TopicName.IsValid(Encoding.UTF8.GetBytes(message.Topic ?? "")))
        {
            throw new MqttProtocolViolationException($"'{message.Topic}' is not a topic that can be published to.");
        }
    }

    public static void ThrowIfInvalidFilter(string? filter)
    {
        if (!TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter ?? "")))
        {
            throw new MqttProtocolViolationException($"'{filter}' is not a topic filter.");
        }
    }
}
