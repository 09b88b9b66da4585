using MQTTnet.Internal;

#pragma warning disable CA1822 // The package's are instance members too.

namespace MQTTnet;

/// <summary>Makes clients and builders.</summary>
public class MqttClientFactory
{
    /// <summary>A new client, not connected.</summary>
    public IMqttClient CreateMqttClient() => new MqttClient(TimeProvider.System);

    /// <summary>For messages.</summary>
    public MqttApplicationMessageBuilder CreateApplicationMessageBuilder() => new();

    /// <summary>For disconnecting.</summary>
    public MqttClientDisconnectOptionsBuilder CreateClientDisconnectOptionsBuilder() => new();

    /// <summary>For connecting.</summary>
    public MqttClientOptionsBuilder CreateClientOptionsBuilder() => new();

    /// <summary>For subscribing.</summary>
    public MqttClientSubscribeOptionsBuilder CreateSubscribeOptionsBuilder() => new();

    /// <summary>For one filter.</summary>
    public MqttTopicFilterBuilder CreateTopicFilterBuilder() => new();

    /// <summary>For unsubscribing.</summary>
    public MqttClientUnsubscribeOptionsBuilder CreateUnsubscribeOptionsBuilder() => new();
}
