namespace EdgeAgent.Spooling;

/// <summary>
/// Rewrites old records as fewer, when space runs out and before anything is dropped. It is handed in (<see
/// cref="SpoolOptions.Thinner"/>), since the spool knows no readings.
/// </summary>
public interface ISpoolThinner
{
    /// <summary>How often the same data can be thinned, each time more coarsely: 1 to 15.</summary>
    int Levels { get; }

    /// <summary>
    /// Reads the records of the run to their end and appends what is to stay. To return without having appended anything says that the
    /// records cannot be made smaller: they stay as they are, and are dropped when their turn comes. So they do where this throws.
    /// Called by whoever appends, while no lock is held that a reader needs; at most one call at a time.
    /// </summary>
    void Thin(ThinningRun run);
}
