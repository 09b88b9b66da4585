using EdgeAgent.Ingestion.Hosting;

namespace EdgeAgent.Ingestion.Ingest;

/// <summary>Who may have a session: bounds memory, and keeps one device from taking everybody's place.</summary>
internal sealed class SessionAdmission(IngestOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byDevice = [];
    private int _all;

    /// <returns>Null where the session is admitted and <see cref="Leave"/> must be called; else why it is not.</returns>
    public string? Enter(string device)
    {
        lock (_gate)
        {
            int own = _byDevice.GetValueOrDefault(device);
            if (own >= options.MaximumSessionsPerDevice)
            {
                return $"This device has {own} sessions open; {options.MaximumSessionsPerDevice} are allowed.";
            }
            if (_all >= options.MaximumSessions)
            {
                return $"{_all} sessions are open, which is all that this service allows.";
            }
            _byDevice[device] = own + 1;
            _all++;
            return null;
        }
    }

    public void Leave(string device)
    {
        lock (_gate)
        {
            _all--;
            if (--_byDevice[device] == 0)
            {
                _byDevice.Remove(device);
            }
        }
    }
}
