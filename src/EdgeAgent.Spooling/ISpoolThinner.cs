namespace EdgeAgent.Spooling;

/// <summary>Rewrites old records as fewer. Handed in, since the spool knows no readings.</summary>
public interface ISpoolThinner
{
    /// <summary>How often data can be thinned. 1 to 15.</summary>
    int Levels { get; }

    /// <summary>
    /// Reads the records of the run to their end and appends what is to stay. Returning without having appended anything says that
    /// they cannot be made smaller.
    /// </summary>
    void Thin(ThinningRun run);
}
