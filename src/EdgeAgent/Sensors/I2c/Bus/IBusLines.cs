namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// The two wires of a bus as GPIO lines, open drain: high means let go, and what is read is the level of the wire. Disposing gives both
/// lines back. Every call may throw an <see cref="IOException"/>.
/// </summary>
internal interface IBusLines : IDisposable
{
    bool IsSclHigh();

    bool IsSdaHigh();

    void SetScl(bool high);

    void SetSda(bool high);
}

/// <summary>Where lines come from.</summary>
internal interface IBusLinesSource
{
    /// <summary>Takes both lines, let go.</summary>
    /// <param name="scl">The line of the clock, as the configuration names it.</param>
    /// <param name="sda">The line of the data.</param>
    /// <exception cref="IOException">A line is not there, or somebody else uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The agent's user may not use it.</exception>
    IBusLines Request(string scl, string sda);
}
