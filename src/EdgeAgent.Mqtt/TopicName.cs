using System.Buffers;
using EdgeAgent.Mqtt.Packets;

namespace EdgeAgent.Mqtt;

/// <summary>The rule of a topic to which one publishes (5.0, section 4.7).</summary>
public static class TopicName
{
    /// <summary>The characters that only a filter may contain.</summary>
    internal static readonly SearchValues<byte> Wildcards = SearchValues.Create("+#"u8);

    /// <summary>Not empty, at most 65,535 bytes of well-formed UTF-8, no U+0000, no wildcard.</summary>
    public static bool IsValid(ReadOnlySpan<byte> topic) =>
        !topic.IsEmpty && topic.Length <= MqttText.MaximumLength && MqttText.IsValid(topic) && !topic.ContainsAny(Wildcards);

    /// <summary>The same for bytes that were read as a string, whose UTF-8 is checked already.</summary>
    internal static bool IsValidText(ReadOnlySpan<byte> topic) => !topic.IsEmpty && !topic.ContainsAny(Wildcards);
}
