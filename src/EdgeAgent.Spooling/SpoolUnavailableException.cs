using EdgeAgent.Spooling.Files;

namespace EdgeAgent.Spooling;

/// <summary>
/// The spool cannot be opened: the disk does not let it write what it has to, or a later version wrote it. Nothing was lost by it. Try again later; damage
/// never is the reason.
/// </summary>
public sealed class SpoolUnavailableException(string path, Exception inner)
    : IOException($"The spool at {path} cannot be opened ({DiskFaults.Of(inner)}): {inner.Message}", inner)
{
    /// <summary>What is the matter.</summary>
    public DiskFault Fault { get; } = DiskFaults.Of(inner);
}
