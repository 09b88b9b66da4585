#pragma warning disable CS1591 // The names are the specification's own words.

namespace MQTTnet.Protocol;

/// <summary>Whether a subscription gets the retained messages (5.0, section 3.8.3.1).</summary>
public enum MqttRetainHandling
{
    SendAtSubscribe = 0,
    SendAtSubscribeIfNewSubscriptionOnly = 1,
    DoNotSendOnSubscribe = 2,
}
