using EdgeAgent.Sensors.Mqtt.Mapping;

namespace EdgeAgent.Sensors.Mqtt;

/// <summary>What both transports have. Entry of section <c>mqtt</c> of the configuration.</summary>
internal abstract class MqttSourceOptions
{
    /// <summary>How the log names the source. Default: its address.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Whether retained messages are taken. Default true: for a sensor that publishes on change the retained one is the
    /// present state. Each reconnect without a session gives them again.
    /// </summary>
    public bool TakeRetained { get; init; } = true;

    /// <summary>The entry that all of this was read from: its canonical text. Empty where it was not read.</summary>
    public string Source { get; init; } = "";

    /// <summary>At least one; the first that matches is the one.</summary>
    public required IReadOnlyList<MappingRule> Rules { get; init; }
}
