using EdgeAgent.Configuration;

namespace EdgeAgent.Reconfiguration;

/// <summary>What a change of the configuration asks for.</summary>
internal enum ReconfigurationNeed
{
    /// <summary>Both say the same.</summary>
    Nothing,

    /// <summary><see cref="LiveConfiguration.ApplyAsync"/> does it, and nothing else stops.</summary>
    Apply,

    /// <summary>The agent's inside has to be built anew: it is drained, and starts again on the same spool.</summary>
    Rebuild,
}

/// <summary>The configuration that is in force, and how another one comes into force.</summary>
/// <param name="initial">What the stages were built by.</param>
/// <param name="stages">Sink first, as the host starts them.</param>
internal sealed class LiveConfiguration(AgentConfiguration initial, IEnumerable<IReconfigurable> stages)
{
    /// <summary>Sections that stages take while they run. All others need the inside built anew.</summary>
    public static readonly IReadOnlySet<string> LiveSections = new HashSet<string>(StringComparer.Ordinal)
    {
        "mqtt", "i2c", "gpio", "iio", "hwmon", "onewire", "thermal", "host", "report",
    };

    private readonly IReconfigurable[] _stages = [.. stages];

    public AgentConfiguration Current { get; private set; } = initial;

    public ReconfigurationNeed NeedFor(AgentConfiguration next)
    {
        ReconfigurationNeed need = ReconfigurationNeed.Nothing;
        foreach (string section in Current.Sections.Keys.Union(next.Sections.Keys))
        {
            if (Current.Sections.GetValueOrDefault(section) != next.Sections.GetValueOrDefault(section))
            {
                need = need == ReconfigurationNeed.Rebuild || !LiveSections.Contains(section) ? ReconfigurationNeed.Rebuild : ReconfigurationNeed.Apply;
            }
        }
        return need;
    }

    /// <summary>Brings a configuration into force that needs no more than that. Called by one at a time. An exception is a defect, and leaves it half done.</summary>
    public async Task ApplyAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        // Sources first, so that what they still gave goes by the old rules; and back up again.
        foreach (IReconfigurable stage in _stages.Reverse())
        {
            await stage.RetireAsync(next, cancellationToken).ConfigureAwait(false);
        }
        Current = next;
        foreach (IReconfigurable stage in _stages)
        {
            await stage.BeginAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }
}
