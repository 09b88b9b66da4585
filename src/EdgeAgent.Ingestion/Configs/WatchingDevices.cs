namespace EdgeAgent.Ingestion.Configs;

/// <summary>The devices that wait at this instance: one call of each, and so many at most.</summary>
internal sealed class WatchingDevices(ConfigOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WatchingDevice> _waiting = [];

    public bool Contains(string device)
    {
        lock (_gate)
        {
            return _waiting.ContainsKey(device);
        }
    }

    /// <summary>Lets it in, and ends the call that waited for the same device before: of two only the newer can be alive.</summary>
    /// <returns>False: there is no room.</returns>
    public bool TryEnter(WatchingDevice watching)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(watching.Device, out WatchingDevice? before))
            {
                before.Supersede();
            }
            else if (_waiting.Count >= options.MaximumWatches)
            {
                return false;
            }
            _waiting[watching.Device] = watching;
            return true;
        }
    }

    public void Leave(WatchingDevice watching)
    {
        lock (_gate)
        {
            if (_waiting.GetValueOrDefault(watching.Device) == watching)
            {
                _waiting.Remove(watching.Device);
            }
        }
    }

    public void Wake(string device)
    {
        lock (_gate)
        {
            _waiting.GetValueOrDefault(device)?.Wake();
        }
    }
}
