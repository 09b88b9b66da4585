namespace EdgeAgent.Samples;

/// <summary>How devices reach the agent.</summary>
internal enum BrokerKind
{
    /// <summary>Straight to the agent's own intake.</summary>
    None,

    /// <summary>Through a mosquitto that is installed on this machine and started here on a free port.</summary>
    Mosquitto,
}

/// <summary>What the command line asks for.</summary>
/// <param name="For">Ends by itself after this time; null: on Ctrl+C.</param>
/// <param name="IsJson">One line of JSON at the end and nothing else, instead of the live table.</param>
/// <param name="SpeedUp">How much faster than life the telemetry is replayed; at 60 one minute of data takes a second.</param>
/// <param name="DataFolder">Keeps everything there; null: in a temporary folder that is deleted at the end.</param>
internal sealed record QuickstartOptions(TimeSpan? For, bool IsJson, double SpeedUp, BrokerKind Broker, string? DataFolder);
