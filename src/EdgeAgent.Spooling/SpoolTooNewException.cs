namespace EdgeAgent.Spooling;

/// <summary>A later version of the agent has written this spool, in a way that this one would take for damage. Nothing was touched.</summary>
/// <param name="format">What it says of itself.</param>
public sealed class SpoolTooNewException(int format)
    : IOException($"A later version of the agent has written this spool (format {format}; this version reads {SpoolFormat.Known}). Nothing was touched: go back to that version.");
