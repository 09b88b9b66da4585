using EdgeAgent.Configuration;

namespace EdgeAgent.Reconfiguration;

/// <summary>An entry of the configuration.</summary>
/// <param name="Identity">The same in two configurations where nothing that matters to what runs by the entry differs.</param>
/// <param name="Options">What it says.</param>
internal readonly record struct Entry<TOptions>(string Identity, TOptions Options);

/// <summary>
/// What runs by the entries of one kind, each under its identity: what another configuration has too is left alone, and only the rest ends and begins. Changed by
/// one at a time, read by any thread.
/// </summary>
/// <param name="entriesOf">All entries of a configuration.</param>
internal sealed class RunningEntries<TOptions, TRunning>(Func<AgentConfiguration, IEnumerable<Entry<TOptions>>> entriesOf)
    where TRunning : class
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, TRunning> _running = new(StringComparer.Ordinal);

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<TRunning> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _running.Values];
            }
        }
    }

    /// <summary>What runs and the next configuration does not have, or has otherwise.</summary>
    public IReadOnlyList<TRunning> Ending(AgentConfiguration next)
    {
        lock (_gate)
        {
            return [.. IdentitiesEnding(next).Select(identity => _running[identity])];
        }
    }

    /// <summary>Takes out what is <see cref="Ending"/>; the caller ends it.</summary>
    public IReadOnlyList<TRunning> Retire(AgentConfiguration next)
    {
        var ending = new List<TRunning>();
        lock (_gate)
        {
            foreach (string identity in IdentitiesEnding(next))
            {
                _running.Remove(identity, out TRunning? running);
                ending.Add(running!);
            }
        }
        return ending;
    }

    /// <summary>Takes out all; the caller ends them.</summary>
    public IReadOnlyList<TRunning> RetireAll()
    {
        lock (_gate)
        {
            TRunning[] all = [.. _running.Values];
            _running.Clear();
            return all;
        }
    }

    /// <param name="next">The configuration that comes into force.</param>
    /// <param name="begin">Begins what does not run yet.</param>
    /// <param name="keep">Is told of what runs on.</param>
    public void Begin(AgentConfiguration next, Func<TOptions, TRunning> begin, Action<TRunning, TOptions>? keep = null)
    {
        foreach (Entry<TOptions> entry in EntriesOf(next))
        {
            TRunning? running;
            lock (_gate)
            {
                _running.TryGetValue(entry.Identity, out running);
            }
            if (running is not null)
            {
                keep?.Invoke(running, entry.Options);
                continue;
            }
            running = begin(entry.Options);
            lock (_gate)
            {
                _running.Add(entry.Identity, running);
            }
        }
    }

    private string[] IdentitiesEnding(AgentConfiguration next)
    {
        HashSet<string> kept = [.. EntriesOf(next).Select(entry => entry.Identity)];
        return [.. _running.Keys.Where(identity => !kept.Contains(identity))];
    }

    /// <summary>Entries that say the very same are told apart by their number.</summary>
    private IEnumerable<Entry<TOptions>> EntriesOf(AgentConfiguration configuration)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Entry<TOptions> entry in entriesOf(configuration))
        {
            int number = seen[entry.Identity] = seen.GetValueOrDefault(entry.Identity) + 1;
            yield return entry with { Identity = $"{number} {entry.Identity}" };
        }
    }
}
