using System.Device.I2c;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>
/// Asks whatever is at an address whether it is one kind of chip: by register pointers, reads and the chip's documented read-only commands, and
/// nothing else. What does not acknowledge throws an <see cref="IOException"/>, which means no.
/// </summary>
/// <param name="device">Whatever is there.</param>
/// <param name="pause">Leaves it alone for a time.</param>
internal delegate bool ChipQuestion(I2cDevice device, Action<TimeSpan> pause);

/// <summary>How a chip is told from all others without being changed.</summary>
/// <param name="AnswersPlainReads">
/// A read that nothing was written before is acknowledged. Chips with registers always do; those with commands only while they have an answer. Each
/// question is put to its own sort only: a register's number may be a command to the other, and a command the number and value of a register.
/// </param>
/// <param name="IsRecognised">The question.</param>
internal sealed record ChipIdentity(bool AnswersPlainReads, ChipQuestion IsRecognised)
{
    public static ChipIdentity OfRegisters(Func<I2cDevice, bool> isRecognised) => new(true, (device, _) => isRecognised(device));

    public static ChipIdentity OfCommands(ChipQuestion isRecognised) => new(false, isRecognised);
}
