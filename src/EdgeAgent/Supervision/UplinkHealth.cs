using System.Globalization;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Supervision;

/// <summary>
/// What the lanes' uploaders report of their progress, in one place: each asks it whether the line that they share is alive, a supervisor is told when a lane
/// is stuck and when it is not any more, and whoever feeds the supervisor's watchdog can ask at any time.
/// </summary>
internal sealed partial class UplinkHealth(SupervisorSocket supervisor, UplinkOptions options, TimeProvider time, ILogger<UplinkHealth> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SpoolLane, int> _fruitless = [];
    private readonly Dictionary<SpoolLane, long> _acknowledged = []; // when each lane was the last time
    private readonly HashSet<SpoolLane> _unanswered = [];            // lanes that have met nobody since
    private readonly Dictionary<SpoolLane, long> _recovered = [];    // when each lane was answered again the last time

    public UplinkProgress Progress
    {
        get
        {
            lock (_gate)
            {
                int most = _fruitless.Count == 0 ? 0 : _fruitless.Values.Max();
                return new UplinkProgress(most >= options.FruitlessConnections, most, _acknowledged.Count == 0 ? null : time.GetElapsedTime(_acknowledged.Values.Max()));
            }
        }
    }

    /// <summary>The service has acknowledged something of another lane than this one since a timestamp of the monotonic clock.</summary>
    public bool HasAcknowledgedOther(SpoolLane lane, long since)
    {
        lock (_gate)
        {
            return _acknowledged.Any(at => at.Key != lane && at.Value >= since);
        }
    }

    /// <summary>
    /// Another lane than this one was answered again, after it was not, since a timestamp of the monotonic clock: the line and the service are back. A lane that fails
    /// while the others go on hears nothing of them here, and keeps to its backoff.
    /// </summary>
    public bool HasRecoveredOther(SpoolLane lane, long since)
    {
        lock (_gate)
        {
            return _recovered.Any(at => at.Key != lane && at.Value >= since);
        }
    }

    /// <summary>A session of a lane met no service, or one that did not answer.</summary>
    public void OnUnanswered(SpoolLane lane)
    {
        lock (_gate)
        {
            _unanswered.Add(lane);
        }
    }

    /// <summary>The service acknowledged more of a lane than before.</summary>
    public void OnAcknowledged(SpoolLane lane)
    {
        bool isNews;
        lock (_gate)
        {
            _acknowledged[lane] = time.GetTimestamp();
            if (_unanswered.Remove(lane))
            {
                _recovered[lane] = _acknowledged[lane];
            }
            isNews = _fruitless.Remove(lane, out int fruitless) && fruitless >= options.FruitlessConnections && !IsAnyStuck();
        }
        if (isNews)
        {
            Log.MovesAgain(logger, lane);
            Tell("The uplink makes progress again.");
        }
    }

    /// <summary>A lane's time for progress was over.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="inARow">How often, without an acknowledgement in between.</param>
    /// <param name="reason">What went wrong the last time.</param>
    public void OnFruitless(SpoolLane lane, int inARow, string reason)
    {
        lock (_gate)
        {
            _fruitless[lane] = inARow;
        }
        if (inARow >= options.FruitlessConnections)
        {
            Log.Stuck(logger, lane, inARow, reason);
            Tell(string.Create(
                CultureInfo.InvariantCulture, $"The uplink makes no progress: the {lane} lane had {inARow} connections in a row without an acknowledgement. {reason}"));
        }
    }

    private bool IsAnyStuck() => _fruitless.Values.Any(count => count >= options.FruitlessConnections);

    private void Tell(string status)
    {
        if (supervisor.TellStatus(status) == NoticeOutcome.Unreachable)
        {
            Log.NotTold(logger, status);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The {Lane} lane makes no progress: {Count} connections in a row without an acknowledgement. All is kept: {Reason}")]
        public static partial void Stuck(ILogger logger, SpoolLane lane, int count, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "The {Lane} lane makes progress again, and no other lane is stuck.")]
        public static partial void MovesAgain(ILogger logger, SpoolLane lane);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The supervisor's socket does not take the notice: {Status}")]
        public static partial void NotTold(ILogger logger, string status);
    }
}
