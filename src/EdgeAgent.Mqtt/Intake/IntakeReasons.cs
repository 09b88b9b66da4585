using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt.Intake;

/// <summary>What a 5.0 device is told in words, where the reason code alone would leave its owner guessing.</summary>
internal static class IntakeReasons
{
    private static readonly MqttProperties s_noBroker = Words("This is an intake: it takes messages and sends none.");
    private static readonly MqttProperties s_noRoom = Words("The receive buffers of all devices together are in use. Send it again later.");
    private static readonly MqttProperties s_sendAgain = Words("The message could not be stored. Send it again.");

    /// <summary>With a SUBACK or UNSUBACK.</summary>
    public static MqttProperties OfSubscription => s_noBroker;

    /// <summary>With a DISCONNECT.</summary>
    public static MqttProperties Of(IntakeCloseCause cause) => cause switch
    {
        IntakeCloseCause.BuffersInUse => s_noRoom,
        IntakeCloseCause.PublishRefused => s_sendAgain,
        _ => default,
    };

    private static MqttProperties Words(string text) => new MqttPropertiesBuilder().Add(MqttPropertyId.ReasonString, text).Build();
}
