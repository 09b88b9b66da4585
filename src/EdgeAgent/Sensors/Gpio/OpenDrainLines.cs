namespace EdgeAgent.Sensors.Gpio;

/// <summary>
/// The two lines of a bus, to be pulled low or left to their pull-ups: for clocking a stuck I2C bus free, where the lines are wired to a chip for that. Left
/// alone at the start and at the end.
/// </summary>
internal sealed class OpenDrainLines : IDisposable
{
    private const ulong Clock = 0b01, Data = 0b10;

    private readonly ILineRequest _request;

    private OpenDrainLines(ILineRequest request) => _request = request;

    /// <param name="devices">The chips.</param>
    /// <param name="address">Two lines: clock, then data.</param>
    /// <param name="lines">Null where they could not be had.</param>
    public static LineOutcome TryRequest(IGpioDevices devices, LineAddress address, out OpenDrainLines? lines)
    {
        lines = null;
        LineOutcome outcome = LineFinder.Find(devices, address, out IGpioChip? chip, out IReadOnlyList<int> offsets);
        if (outcome != LineOutcome.Ready)
        {
            return outcome;
        }
        using (chip)
        {
            outcome = chip!.Request(new LineSettings(offsets, LineFlags.Output | LineFlags.OpenDrain) { Values = Clock | Data }, out ILineRequest? request);
            lines = request is null ? null : new OpenDrainLines(request);
            return outcome;
        }
    }

    /// <summary>True leaves a line to its pull-up, false pulls it low.</summary>
    /// <returns>False where the chip did not take it.</returns>
    public bool TryDrive(bool clock, bool data) => _request.TrySet((clock ? Clock : 0) | (data ? Data : 0));

    /// <summary>What the lines are, whoever pulls them.</summary>
    /// <returns>False where the chip does not answer.</returns>
    public bool TryRead(out bool clock, out bool data)
    {
        bool isRead = _request.TryGet(out ulong values);
        (clock, data) = ((values & Clock) != 0, (values & Data) != 0);
        return isRead;
    }

    public void Dispose()
    {
        TryDrive(clock: true, data: true);
        _request.Dispose();
    }
}
