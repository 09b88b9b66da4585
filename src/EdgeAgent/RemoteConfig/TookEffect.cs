using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Readings;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// The moment at which a configuration took effect, and what is seen since. Writes the reading that says so, in the alarm lane: those are sent at once, so that
/// the proof does not wait for a batch, which is 5 min on a metered line, and a configuration without any sensor can prove itself too.
/// </summary>
internal sealed class TookEffect
{
    /// <summary>The series of the numbers of revisions; 0 is the device's own file.</summary>
    public const string Series = "edge-agent/revision";

    private static readonly SpoolLane[] Lanes = [SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog];

    private readonly SpoolSlot _slot;
    private readonly UplinkConnection _connection;
    private readonly ReadingChannel _channel;
    private readonly SeriesCatalog _catalog;
    private readonly AgentClock _clock;
    private readonly AgentMetrics _metrics;
    private readonly Pulse _pulse;
    private readonly Layered _layered;
    private readonly Dictionary<PolledSensor, long> _answersBefore;
    private readonly OpenedSpool? _opened;
    private readonly ulong[] _tails;
    private readonly long _oldLine;
    private readonly bool _wasSpoolLosing;
    private readonly long _overflown;
    private readonly long _backlog;
    private bool _isAnnounced;
    private bool _isReceipted;

    /// <param name="host">The inside, running.</param>
    /// <param name="layered">What has taken effect in it.</param>
    /// <param name="mustAnswer">Whether sensors that do not answer speak against it.</param>
    /// <param name="before">What was in effect before.</param>
    /// <param name="pulse">Set when a receipt has come that counts.</param>
    public TookEffect(AgentHost host, Layered layered, bool mustAnswer, TookEffect? before, Pulse pulse)
    {
        (_layered, _pulse, _metrics) = (layered, pulse, host.Metrics);
        _slot = host.Services.GetRequiredService<SpoolSlot>();
        _connection = host.Services.GetRequiredService<UplinkConnection>();
        _channel = host.Services.GetRequiredService<ReadingChannel>();
        _catalog = host.Catalog;
        _clock = host.Services.GetRequiredService<AgentClock>();
        MustAnswer = mustAnswer;
        _answersBefore = PolledSensors.Of(layered.Configuration).Distinct().ToDictionary(static sensor => sensor, Answers);
        _opened = _slot.Opened;
        _tails = [.. Lanes.Select(lane => _opened?.Spool[lane].Tail ?? 0)];
        // A spool that was losing before, in an outage that is just over, goes on losing for a while, whatever the revision says.
        _wasSpoolLosing = SpoolLost > 0 || before?.IsSpoolLosing == true;
        (_overflown, _backlog) = (Overflown, Backlog);
        _oldLine = _connection.Renew();
        _connection.Confirmed += Confirm;
        // A device that nobody configures from afar says nothing about that.
        _isAnnounced = before is null && layered.Header.IsNone;
        Announce();
    }

    private bool MustAnswer { get; }

    private bool IsSpoolLosing => _wasSpoolLosing || SpoolLost > 0;

    private long Overflown => _metrics.ReadingsDropped[DropCause.ChannelFull];

    /// <summary>What the spool gave up of old readings for new ones, thinned ones too.</summary>
    private long SpoolLost => _metrics.ReadingsEvicted.Value + _metrics.ReadingsThinned.Value;

    private long Backlog => _slot.Opened is { } opened ? Lanes.Sum(lane => opened.Spool[lane].BacklogBytes) : 0;

    /// <param name="limit">A sensor that is read more rarely than twice in this time is not judged.</param>
    public TrialSample Look(TimeSpan limit)
    {
        Announce();
        PolledSensor[] asked = MustAnswer ? [.. _answersBefore.Keys.Where(sensor => IsJudged(sensor, limit))] : [];
        return new TrialSample(
            Volatile.Read(ref _isReceipted), Overflown - _overflown + (_wasSpoolLosing ? 0 : SpoolLost), Backlog - _backlog,
            asked.Length, asked.Count(HasAnswered), HasEnded: false);
    }

    public IReadOnlyList<RevisionError> Silent(TimeSpan limit) =>
    [
        .. _answersBefore.Keys.Where(sensor => IsJudged(sensor, limit) && !HasAnswered(sensor))
            .Select(static sensor => new RevisionError(sensor.Pointer, $"The sensor {sensor.Series} does not answer.")),
    ];

    /// <summary>Another configuration takes its place, or the inside ends.</summary>
    public void Leave() => _connection.Confirmed -= Confirm;

    private static bool IsJudged(PolledSensor sensor, TimeSpan limit) => sensor.Interval <= limit / 2;

    private bool HasAnswered(PolledSensor sensor) => Answers(sensor) > _answersBefore[sensor];

    private long Answers(PolledSensor sensor) => _metrics.PollsAnswered.Of(sensor.Series).Value;

    private void Confirm(Confirmation confirmation)
    {
        // A spool that was opened anew since goes on with the same sequences.
        if (confirmation.Client.Line > _oldLine && confirmation.Through > _tails[Array.IndexOf(Lanes, confirmation.Lane)])
        {
            Volatile.Write(ref _isReceipted, true);
            _pulse.Set();
        }
    }

    /// <summary>Again with each look while the channel has no room.</summary>
    private void Announce()
    {
        if (_isAnnounced || !TryRegister(out Series? series))
        {
            return;
        }
        _isAnnounced = _channel.TryWrite(Reading.OfNumber(series.Id, _clock.Now(), _layered.Header.Number));
    }

    /// <summary>By no rule of the configuration: one for all series could hold the reading back.</summary>
    private bool TryRegister([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Series? series)
    {
        var device = new SeriesDefinition();
        foreach ((string label, string value) in _layered.Configuration.Device.Labels)
        {
            device.Labels[label] = value;
        }
        var source = new Series(default, device, SpoolLane.Alarm, Processing.ReportRule.Everything, TimeSpan.Zero);
        return _catalog.TryFind(Series, out series)
            || _catalog.TryDerive(source, Series, "", SeriesKind.Number, SpoolLane.Alarm, TimeSpan.Zero, out series);
    }
}
