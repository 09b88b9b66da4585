using EdgeAgent.Ingestion.Identity.Authority;
using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>What calls are judged by.</summary>
/// <param name="Devices">Those that are not simply active.</param>
/// <param name="Bearers">Bearer tokens that have not been withdrawn, by the hexadecimal text of their hash.</param>
/// <param name="Authorities">Roots, oldest first.</param>
internal sealed record IdentitySnapshot(
    IReadOnlyDictionary<string, DeviceDecision> Devices, IReadOnlyDictionary<string, TokenRecord> Bearers, IReadOnlyList<AuthorityRecord> Authorities)
{
    public DeviceDecision DecisionOn(string device) => Devices.GetValueOrDefault(device) ?? DeviceDecision.None(device);
}

/// <summary>
/// Keeps in memory what every call is judged by, and follows the database. Where that cannot be read, what was known goes on counting: a failing database must
/// not let anybody in, nor keep everybody out.
/// </summary>
internal sealed partial class IdentityRegister : IAsyncDisposable
{
    /// <summary>Also without a change: certificates and tokens of open calls expire.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ControlDatabase _control;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _following;
    private volatile IdentitySnapshot _now;

    /// <exception cref="StoreUnavailableException">The database cannot be read: without it nobody knows who was revoked.</exception>
    public IdentityRegister(ControlDatabase control, TimeProvider time, ILogger<IdentityRegister> logger)
    {
        (_control, _time, _logger) = (control, time, logger);
        control.Changed += _changed.Set;
        _now = Load();
        _timer = time.CreateTimer(static changed => ((ChangeSignal)changed!).Set(), _changed, LookEvery, LookEvery);
        _following = FollowAsync(_stop.Token);
    }

    /// <summary>After each look, on the register's own task.</summary>
    public event Action? Refreshed;

    public IdentitySnapshot Now => _now;

    public async ValueTask DisposeAsync()
    {
        _control.Changed -= _changed.Set;
        await _timer.DisposeAsync();
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        while (await _changed.NextAsync(stop))
        {
            try
            {
                _now = Load();
            }
            catch (StoreUnavailableException failure)
            {
                Log.Unreadable(_logger, failure.Message);
                await Task.Delay(RetryAfter, _time, stop);
                _changed.Set();
            }
            Refreshed?.Invoke();
        }
    }

    private IdentitySnapshot Load() => _control.Read(static session => new IdentitySnapshot(
        DeviceRecords.Restricted(session),
        TokenRecords.Bearers(session).ToDictionary(static token => Convert.ToHexStringLower(token.Hash), StringComparer.Ordinal),
        AuthorityRecords.Trusted(session)));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Who may call cannot be read; what was known goes on counting: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
