using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>What every device should run, in memory, so that thousands of waiting devices and every upload may look: some 500 bytes a device.</summary>
internal sealed class DesiredRevisions(ControlDatabase control)
{
    private readonly ConcurrentDictionary<string, DesiredRevision> _devices = new();
    private long _seen;

    public bool TryGet(string device, [NotNullWhen(true)] out DesiredRevision? desired) => _devices.TryGetValue(device, out desired);

    /// <summary>Reads what has changed since the last time. One at a time.</summary>
    /// <returns>The devices that it is about.</returns>
    /// <exception cref="Storage.StoreUnavailableException">Nothing was read.</exception>
    public IReadOnlyList<DesiredRevision> Refresh()
    {
        List<DesiredRevision> changed = control.Read(session => DeviceRows.ChangedAfter(session, _seen));
        foreach (DesiredRevision desired in changed)
        {
            _devices[desired.Device] = desired;
            _seen = desired.Changed;
        }
        return changed;
    }
}
