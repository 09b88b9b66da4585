namespace EdgeAgent.Spooling;

/// <summary>One committed record, as it was appended.</summary>
/// <param name="Sequence">Its place in the lane, from 1.</param>
/// <param name="Items">How many readings the appender said it holds.</param>
/// <param name="Payload">The bytes; they stay valid until the next call on the reader.</param>
public readonly record struct SpoolRecord(ulong Sequence, uint Items, ReadOnlyMemory<byte> Payload);
