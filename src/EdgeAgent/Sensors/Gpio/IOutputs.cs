namespace EdgeAgent.Sensors.Gpio;

/// <summary>The lines that the configuration declares as outputs. Nothing else can be driven.</summary>
internal interface IOutputs
{
    /// <param name="series">The output, by the series that tells what it drives.</param>
    /// <param name="value">Logical: an active-low line goes low for true.</param>
    OutputOutcome TrySet(string series, bool value);
}

/// <summary>What came of setting an output.</summary>
internal enum OutputOutcome
{
    /// <summary>The line has the value, and a reading of the series says so.</summary>
    Set,

    /// <summary>No output of the configuration has this series.</summary>
    Unknown,

    /// <summary>The line is not there now. Once it is back it has its safe state; set it then.</summary>
    Absent,

    /// <summary>The chip did not take it: it is failing or going away. What the line drives now is not known.</summary>
    Refused,
}
