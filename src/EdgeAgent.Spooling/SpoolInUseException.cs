namespace EdgeAgent.Spooling;

/// <summary>Another process, or another <see cref="Spool"/> of this one, has the folder open. Nothing was touched.</summary>
public sealed class SpoolInUseException(string path, Exception inner)
    : IOException($"The spool at {path} is in use: another process has it open, and only one may.", inner);
