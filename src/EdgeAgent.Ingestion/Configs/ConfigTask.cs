using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// The one task of an instance that follows what changes: it stores what was learned from devices, moves rollouts on, and wakes those that wait for something
/// new. Each round does what there is to do, however many changes there were; without any it sleeps.
/// </summary>
internal sealed partial class ConfigTask : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>A timer takes no more; a rollout that waits for longer is looked at a few times in between.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly ControlDatabase _control;
    private readonly WatchNotes _notes;
    private readonly RolloutDriver _rollouts;
    private readonly DesiredRevisions _desired;
    private readonly WatchingDevices _watching;
    private readonly TimeProvider _time;
    private readonly ILogger<ConfigTask> _logger;
    private readonly ChangeSignal _changed = new();
    private readonly ITimer _timer;
    private readonly Task _task;
    private bool _isFailing;

    public ConfigTask(
        ControlDatabase control, WatchNotes notes, RolloutDriver rollouts, DesiredRevisions desired, WatchingDevices watching, TimeProvider time,
        ILogger<ConfigTask> logger)
    {
        (_control, _notes, _rollouts, _desired, _watching, _time, _logger) = (control, notes, rollouts, desired, watching, time, logger);
        _timer = time.CreateTimer(static self => ((ConfigTask)self!).Signal(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        control.Changed += Signal;
        Signal();
        _task = Task.Run(RunAsync);
    }

    /// <summary>There is something to do. Costs nothing, on any thread.</summary>
    public void Signal() => _changed.Set();

    public async ValueTask DisposeAsync()
    {
        _control.Changed -= Signal;
        await _timer.DisposeAsync();
        _changed.Complete();
        await _task;
    }

    private async Task RunAsync()
    {
        while (await _changed.NextAsync())
        {
            TimeSpan wait;
            try
            {
                wait = Round();
                _isFailing = false;
            }
            // A rollout must not stand still for ever because of one round, whatever was wrong with it.
            catch (Exception failure)
            {
                if (!_isFailing)
                {
                    Log.Failed(_logger, RetryAfter.TotalSeconds, failure);
                }
                (_isFailing, wait) = (true, RetryAfter);
            }
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <returns>When to look again though nothing is said.</returns>
    /// <exception cref="StoreUnavailableException">What was not done is done in the next one.</exception>
    private TimeSpan Round()
    {
        _notes.Store();
        DateTimeOffset? due = _rollouts.Step();
        foreach (DesiredRevision changed in _desired.Refresh())
        {
            _watching.Wake(changed.Device);
        }
        TimeSpan wait = due is { } at ? at - _time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        return due is null ? wait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Configurations cannot be read or written at present; it is tried again every {Seconds} s. Devices keep what they have.")]
        public static partial void Failed(ILogger logger, double seconds, Exception failure);
    }
}
