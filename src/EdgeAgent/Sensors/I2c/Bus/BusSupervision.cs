using EdgeAgent.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.I2c.Bus;

/// <summary>
/// Counts what fails on one bus, sees when it is stuck, and says when which step of recovery is due. Told from the bus's thread, and by its
/// watch when that hangs.
/// </summary>
internal sealed partial class BusSupervision(string bus, BusRepair repair, IReadOnlyList<RecoveryStep> steps, AgentMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly TotalBy<I2cFailureCause> _failures = metrics.I2cFailures.At(bus);
    private readonly TotalBy<RecoveryStep> _recoveries = metrics.I2cRecoveries.At(bus);
    private readonly Level _stuck = metrics.I2cStuck.At(bus);
    private readonly Lock _lock = new();
    private readonly BusHealth _health = new();
    private readonly RecoveryLadder _ladder = new(steps, time);
    private readonly Dictionary<RecoveryStep, RecoveryOutcome> _told = [];
    private readonly HashSet<int> _toldUnsupported = [];
    private I2cFailureCause? _obstacle;
    private long _stuckSince;

    public void Use(int address)
    {
        lock (_lock)
        {
            _health.Use(address);
        }
    }

    public void Leave(int address)
    {
        lock (_lock)
        {
            _health.Leave(address);
        }
    }

    /// <summary>The bus is not looked after any more.</summary>
    public void End() => _stuck.Set(0);

    /// <summary>Before a turn.</summary>
    /// <param name="due">The step that is due before it; null where the bus is well.</param>
    /// <returns>False: the bus is stuck, and left alone for now.</returns>
    public bool MayBeUsed(out RecoveryStep? due)
    {
        lock (_lock)
        {
            due = _health.IsStuck ? _ladder.Next() : null;
            return !_health.IsStuck || due is not null;
        }
    }

    /// <summary>Carries a step out. The bus is closed; the next transfer opens it.</summary>
    public void Recover(RecoveryStep step)
    {
        RecoveryOutcome outcome = repair.Carry(step);
        _recoveries.Add(step);
        if (!_told.TryGetValue(step, out RecoveryOutcome known) || known != outcome)
        {
            _told[step] = outcome;
            Log.Recovering(logger, bus, step, outcome);
        }
    }

    /// <summary>A turn was refused or given up, because the bus is stuck.</summary>
    public void Refused() => _failures.Add(I2cFailureCause.BusStuck);

    public void Succeeded()
    {
        lock (_lock)
        {
            if (_obstacle is not null)
            {
                _obstacle = null;
                Log.Opened(logger, bus);
            }
            Lives();
        }
    }

    /// <returns>The cause that it was counted under.</returns>
    public I2cFailureCause Failed(int address, Exception failure)
    {
        I2cFailureCause cause = I2cFailure.Of(failure);
        _failures.Add(cause);
        lock (_lock)
        {
            if (I2cFailure.ShowsLife(cause))
            {
                Lives();
            }
            else if (I2cFailure.MayBeStuck(cause) && _health.Fails(address))
            {
                BeginRecovery();
                Log.Stuck(logger, bus, failure.Message);
            }
            else if (cause is I2cFailureCause.NoBus or I2cFailureCause.NoPermission && _obstacle != cause)
            {
                _obstacle = cause;
                Log.CannotOpen(logger, bus, failure.Message);
            }
            else if (cause is I2cFailureCause.Unsupported or I2cFailureCause.AddressInUse && _toldUnsupported.Add(address))
            {
                Log.Unsupported(logger, bus, failure.Message);
            }
        }
        return cause;
    }

    /// <summary>A chip's answer failed its checksum, as its driver says.</summary>
    public void ChecksumFailed() => _failures.Add(I2cFailureCause.Checksum);

    /// <summary>A turn has not come back from the kernel.</summary>
    public void Hangs(TimeSpan deadline)
    {
        lock (_lock)
        {
            if (_health.Stick())
            {
                BeginRecovery();
            }
            Log.Hangs(logger, bus, deadline);
        }
    }

    private void BeginRecovery()
    {
        _ladder.Begin();
        _stuckSince = time.GetTimestamp();
        _stuck.Set(1);
        _told.Clear();
    }

    private void Lives()
    {
        if (_health.Lives())
        {
            _stuck.Set(0);
            Log.Recovered(logger, bus, time.GetElapsedTime(_stuckSince));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The I2C bus {Bus} cannot be used: {Reason} Its sensors give no values until it can.")]
        public static partial void CannotOpen(ILogger logger, string bus, string reason);

        [LoggerMessage(LogLevel.Information, "The I2C bus {Bus} can be used now.")]
        public static partial void Opened(ILogger logger, string bus);

        [LoggerMessage(LogLevel.Warning, "The I2C bus {Bus} is stuck: no chip on it can be reached ({Reason}). Its sensors give no values; recovery is tried from time to time.")]
        public static partial void Stuck(ILogger logger, string bus, string reason);

        [LoggerMessage(LogLevel.Warning,
            "A transfer on the I2C bus {Bus} has not come back from the kernel within {Deadline}. Until it does the bus is left alone; where it never does, only a restart of the machine helps.")]
        public static partial void Hangs(ILogger logger, string bus, TimeSpan deadline);

        [LoggerMessage(LogLevel.Information, "The I2C bus {Bus} is stuck; step {Step} of its recovery: {Outcome}. It is repeated from time to time, and told again where its outcome changes.")]
        public static partial void Recovering(ILogger logger, string bus, RecoveryStep step, RecoveryOutcome outcome);

        [LoggerMessage(LogLevel.Information, "The I2C bus {Bus} works again after {Time}.")]
        public static partial void Recovered(ILogger logger, string bus, TimeSpan time);

        [LoggerMessage(LogLevel.Warning, "The I2C bus {Bus} cannot carry what a sensor needs: {Reason}")]
        public static partial void Unsupported(ILogger logger, string bus, string reason);
    }
}
