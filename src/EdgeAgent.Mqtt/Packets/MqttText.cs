using System.Text.Unicode;

namespace EdgeAgent.Mqtt.Packets;

/// <summary>The UTF-8 rule of MQTT (5.0, section 1.5.4).</summary>
internal static class MqttText
{
    /// <summary>Every string has a length of two bytes in front.</summary>
    public const int MaximumLength = ushort.MaxValue;

    /// <summary>Well-formed (so without surrogates) and without U+0000. Other control characters are only advised against and are taken.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);
}
