using EdgeAgent.Configuration;
using EdgeAgent.Readings;

namespace EdgeAgent.Reconfiguration;

/// <summary>The configuration that is in force, and how another one comes into force.</summary>
/// <param name="initial">What the stages were built by.</param>
/// <param name="stages">Sink first, as the host starts them.</param>
/// <param name="catalog">Whose room a change may need. Null: there is room.</param>
internal sealed class LiveConfiguration(AgentConfiguration initial, IEnumerable<IReconfigurable> stages, SeriesCatalog? catalog = null) : IDisposable
{
    private readonly IReconfigurable[] _stages = [.. stages];
    private readonly SemaphoreSlim _turn = new(1);
    private volatile AgentConfiguration _current = initial;
    private volatile bool _isHalfDone;

    /// <summary>What is in force. After a change that failed in the middle nothing is as a whole.</summary>
    public AgentConfiguration Current => _current;

    /// <summary>What it takes to bring another configuration into force as things are now.</summary>
    public ReconfigurationNeed NeedFor(AgentConfiguration next)
    {
        if (_isHalfDone)
        {
            // Nobody knows what runs: also the same configuration, and the one before, take an inside built anew.
            return ReconfigurationNeed.Rebuild;
        }
        AgentConfiguration current = Current;
        ReconfigurationNeed need = ReconfigurationNeed.Nothing;
        foreach (string section in current.Sections.Keys.Union(next.Sections.Keys))
        {
            ReconfigurationNeed own = SectionNeeds.Of(section, current.Sections.GetValueOrDefault(section), next.Sections.GetValueOrDefault(section));
            need = own > need ? own : need;
        }
        // How much the spool protects for the uplink was counted by the size of batches too.
        bool isInFlightAnother = current.Spool.MaximumInFlightBytes != next.Spool.MaximumInFlightBytes;
        return need == ReconfigurationNeed.Apply && (isInFlightAnother || !HasRoom(current, next)) ? ReconfigurationNeed.Rebuild : need;
    }

    /// <summary>
    /// Brings a configuration into force that needs no more than that. One at a time: a second caller waits, and finds the first one's configuration in force.
    /// </summary>
    /// <returns>
    /// What it took. <see cref="ReconfigurationNeed.Rebuild"/>: nothing was done, the inside has to be built anew by it.
    /// </returns>
    /// <exception cref="Exception">
    /// A stage has a defect, or the caller gave up in the middle. What was retired is gone and what was not begun does not run; nothing that was read is lost. From now on
    /// every configuration needs <see cref="ReconfigurationNeed.Rebuild"/>, which is the way out: to the next or back to the one before.
    /// </exception>
    public async Task<ReconfigurationNeed> ApplyAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ReconfigurationNeed need = NeedFor(next);
            if (need == ReconfigurationNeed.Apply)
            {
                _isHalfDone = true;
                await ChangeAsync(next, cancellationToken).ConfigureAwait(false);
                _isHalfDone = false;
            }
            return need;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(AgentConfiguration next, CancellationToken cancellationToken)
    {
        // Sources first, so that what they still gave goes by the old rules; and back up again.
        foreach (IReconfigurable stage in _stages.Reverse())
        {
            await stage.RetireAsync(next, cancellationToken).ConfigureAwait(false);
        }
        _current = next;
        foreach (IReconfigurable stage in _stages)
        {
            await stage.BeginAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether the catalog has numbers for all series that may be described otherwise. A source says what it gives only when it begins, so all that there are may
    /// be. A fresh catalog has forgotten what was replaced and what is gone.
    /// </summary>
    private bool HasRoom(AgentConfiguration current, AgentConfiguration next)
    {
        if (catalog is null)
        {
            return true;
        }
        bool areSourcesAnother = current.SeriesIdentity != next.SeriesIdentity
            || SectionNeeds.Sources.Any(section => current.Sections.GetValueOrDefault(section) != next.Sections.GetValueOrDefault(section));
        return (areSourcesAnother ? catalog.Names : 0) + catalog.RoomFor(next.Report) <= catalog.Room;
    }
}
