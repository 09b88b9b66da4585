namespace EdgeAgent.Sensors.Gpio;

/// <summary>Requested lines between two entries that ask for them alike: an output keeps its level, and edges wait in the kernel's queue.</summary>
/// <param name="Request">The lines.</param>
/// <param name="FirstOffset">The number of the first of them on its chip.</param>
/// <param name="Sequence">Of the last edge that was taken.</param>
internal sealed record HeldLine(ILineRequest Request, uint FirstOffset, uint Sequence);
