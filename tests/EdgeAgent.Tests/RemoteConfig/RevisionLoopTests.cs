using EdgeAgent.Reconfiguration;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.RemoteConfig;

public sealed class RevisionLoopTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);
    private static readonly Revision Good = Device.Revision(1, """{ "batch": { "maximumAge": "1m" } }""");
    private static readonly Revision New = Device.Revision(2, """{ "batch": { "maximumAge": "2m" } }""");
    private readonly Device _device = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLog _log = new();
    private readonly RevisionInbox _inbox = new();
    private readonly CancellationTokenSource _stop = new();
    private RevisionStore _store = null!;
    private FakeAgent _agent = null!;
    private RevisionLoop _loop = null!;
    private Task _running = null!;

    public Task InitializeAsync()
    {
        _store = _device.Remembering(Good);
        _agent = new FakeAgent(_device.Start(_store));
        _loop = new RevisionLoop(_agent, _device.Own, _store, _inbox, new SupervisorSocket(_device.Folder["notify"]), Device.Boot, _time, _log);
        _running = Task.Run(() => _loop.RunAsync(_stop.Token));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Enough);
    }

    /// <summary>After the asynchronous part.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _log.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task A_revision_that_proves_itself_becomes_the_last_good_one_and_is_reported_with_remarks()
    {
        _inbox.Offer(New);
        await PhaseAsync(RevisionPhase.OnTrial);
        Assert.Equal(2ul, OnDisk.Trial.Number);
        _agent.Sample = Receipted;
        await EventAsync(RevisionOutcome.Applied);

        Assert.Equal(["change 2"], _agent.Asked);
        Assert.Equal((2ul, 1ul, true), (OnDisk.Good.Number, OnDisk.Previous.Number, OnDisk.Trial.IsNone));
        RevisionEvent applied = OnDisk.Events[^1];
        Assert.Equal((42L, 2ul, "/i2c/0/sensors/1"), (applied.AtUnixNanoseconds, applied.RunningNumber, applied.Errors[0].Pointer));
    }

    [Fact]
    public async Task A_revision_without_a_receipt_goes_back_by_itself_after_its_own_time_and_says_why()
    {
        _inbox.Offer(Device.Revision(2, """{ "batch": { "maximumAge": "2m" } }""", trialSeconds: 20));
        await PhaseAsync(RevisionPhase.OnTrial);
        long began = _time.GetTimestamp();
        await EventAsync(RevisionOutcome.Reverted);

        await Eventually.TrueAsync(() => _agent.Asked.Length == 2, Enough, "it goes back");
        Assert.Equal(["change 2", "change 1"], _agent.Asked);
        Assert.True(_time.GetElapsedTime(began) >= TimeSpan.FromSeconds(20));
        Assert.StartsWith("no-receipt:", OnDisk.Events[^1].Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal((1ul, true), (OnDisk.Good.Number, OnDisk.Trial.IsNone));
    }

    [Fact]
    public async Task A_revision_that_cannot_be_applied_goes_back_by_building_anew()
    {
        _agent.OnChange = static _ => throw new InvalidOperationException("A stage threw.");
        _inbox.Offer(New);
        await EventAsync(RevisionOutcome.Reverted);

        await Eventually.TrueAsync(() => _agent.Asked.Length == 2, Enough, "it goes back");
        Assert.Equal(["change 2", "rebuild 1"], _agent.Asked);
        Assert.StartsWith("apply-failed:", OnDisk.Events[^1].Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inside_that_ends_on_trial_goes_back_by_building_anew()
    {
        _inbox.Offer(New);
        await PhaseAsync(RevisionPhase.OnTrial);
        _agent.HasEnded = true;
        _inbox.Pulse.Set();
        await EventAsync(RevisionOutcome.Reverted);

        await Eventually.TrueAsync(() => _agent.Asked.Contains("rebuild 1"), Enough, "it goes back");
        await PhaseAsync(RevisionPhase.Running);
    }

    [Fact]
    public async Task An_inside_that_ends_outside_of_a_trial_ends_the_process()
    {
        _agent.HasEnded = true;
        _inbox.Pulse.Set();
        await _running.WaitAsync(Enough);

        Assert.Equal(RevisionPhase.Ended, _loop.Phase);
    }

    [Fact]
    public async Task A_wrong_revision_changes_nothing_and_is_not_tried_again_unless_it_comes_under_another_number()
    {
        Revision wrong = Device.Revision(2, """{ "batch": { "maximumAge": "soon" }, "remote": {} }""");
        _inbox.Offer(wrong);
        await EventAsync(RevisionOutcome.Rejected);
        Assert.Equal(["/batch/maximumAge", "/remote"], OnDisk.Events[^1].Errors.Select(error => error.Pointer).Order());
        _inbox.Offer(wrong);
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("not tried again", StringComparison.Ordinal)), Enough, "it was looked at");
        _inbox.Offer(wrong with { Header = wrong.Header with { Number = 3 } });
        await Eventually.TrueAsync(() => _store.State.Events.Count == 2, Enough, "it was tried anew");

        Assert.Equal([2ul, 3ul], _store.State.Events.Select(seen => seen.Revision.Number));
        Assert.Empty(_agent.Asked);
    }

    [Fact]
    public async Task A_revision_that_moves_the_cloud_is_applied_only_after_the_new_place_has_answered()
    {
        _agent.Obstacle = "Nobody there.";
        _inbox.Offer(Device.Revision(2, """{ "cloud": { "endpoint": "https://other:1" } }""", bootstrap: true));
        await EventAsync(RevisionOutcome.Rejected);
        Assert.Equal(["try 2"], _agent.Asked);
        Assert.Equal(("/cloud/endpoint", "Nobody there."), (OnDisk.Events[^1].Errors[0].Pointer, OnDisk.Events[^1].Errors[0].Message));

        _agent.Obstacle = null;
        _inbox.Offer(Device.Revision(3, """{ "cloud": { "endpoint": "https://other:2" } }""", bootstrap: true));
        await PhaseAsync(RevisionPhase.OnTrial);
        Assert.Equal(["try 2", "try 3", "change 3"], _agent.Asked);
    }

    [Fact]
    public async Task Revisions_that_come_during_a_trial_wait_and_only_the_newest_is_tried()
    {
        _inbox.Offer(New);
        await PhaseAsync(RevisionPhase.OnTrial);
        _inbox.Offer(Device.Revision(4, """{ "batch": { "maximumAge": "4m" } }"""));
        _inbox.Offer(Device.Revision(3, """{ "batch": { "maximumAge": "3m" } }"""));
        Assert.Equal(["change 2"], _agent.Asked);
        _agent.Sample = Receipted;
        await EventAsync(RevisionOutcome.Applied);
        await Eventually.TrueAsync(() => _agent.Asked.Length == 2, Enough, "the newest is tried");

        Assert.Equal(["change 2", "change 4"], _agent.Asked);
    }

    [Fact]
    public async Task Another_text_for_the_same_configuration_has_nothing_to_prove()
    {
        _agent.Need = ReconfigurationNeed.Nothing;
        _inbox.Offer(Device.Revision(2, """{ "batch": { /* the same */ "maximumAge": "1m" } }"""));
        await Eventually.TrueAsync(() => _store.State.Good.Number == 2, Enough, "it is good at once");
    }

    [Fact]
    public async Task Ten_minutes_of_running_are_no_crash()
    {
        Assert.Equal(RunEnd.Open, OnDisk.Run!.End);
        await Eventually.TrueAsync(() => Advance(60) && OnDisk.Run!.End == RunEnd.Settled, Enough, "it is settled");
    }

    [Fact]
    public async Task A_person_who_asks_gets_the_own_file_read_again_with_the_revision_over_it()
    {
        _device.WriteOwn(""" "budget": { "backlogShare": 7 } """);
        _inbox.AskReload();
        await Eventually.TrueAsync(() => _agent.Asked.Length == 1, Enough, "it is read again");

        Assert.Equal((1ul, 7), (_agent.Current.Header.Number, _agent.Current.Configuration.Budget.BacklogShare));
        Assert.Equal(_device.Own.Hash, OnDisk.OwnHash);
    }

    [Fact]
    public async Task An_own_file_with_an_error_changes_nothing()
    {
        _device.WriteOwn(""" "budget": { "backlogShare": 700 } """);
        _inbox.AskReload();
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Contains("/budget/backlogShare", StringComparison.Ordinal)), Enough, "it was looked at");

        Assert.Empty(_agent.Asked);
    }

    [Fact]
    public async Task A_wish_to_roll_back_is_fulfilled_at_once()
    {
        RollbackRequest.Write(_device.Configs, 1);
        _inbox.AskReload();
        await Eventually.TrueAsync(() => _agent.Asked.Length == 1, Enough, "it goes back");

        Assert.Equal(["change 0"], _agent.Asked);
        Assert.True(OnDisk.Good.IsNone);
        Assert.Equal(StartingPoint.ByHand, OnDisk.Events[^1].Errors[0].Message);
    }

    [Fact]
    public async Task What_was_told_is_not_told_again()
    {
        _inbox.Offer(Device.Revision(2, "[]"));
        await EventAsync(RevisionOutcome.Rejected);
        _inbox.Told(_store.State.Events[^1]);
        await Eventually.TrueAsync(() => OnDisk.Events[^1].IsTold, Enough, "it is remembered as told");
    }

    [Fact]
    public async Task Where_the_disk_takes_nothing_a_revision_is_rejected_and_nothing_changes()
    {
        Directory.Delete(_device.Configs, recursive: true);
        File.WriteAllText(_device.Configs, "no folder");
        _inbox.Offer(New);
        await Eventually.TrueAsync(() => _store.State.Events.Count > 0, Enough, "it is looked at");

        Assert.Equal(RevisionOutcome.Rejected, _store.State.Events[^1].Outcome);
        Assert.Empty(_agent.Asked);
    }

    /// <summary>Whatever moment the power fails at: what lies on the disk then starts with something good, and the trial is over.</summary>
    [Fact]
    public async Task A_power_cut_at_any_step_leaves_a_disk_that_starts_with_a_good_configuration()
    {
        var disks = new List<string>();
        _store.Saved += () => disks.Add(Copy(disks.Count));
        _agent.OnChange = _ => disks.Add(Copy(disks.Count));
        _inbox.Offer(New);
        await PhaseAsync(RevisionPhase.OnTrial);
        _agent.Sample = Receipted;
        await EventAsync(RevisionOutcome.Applied);
        _agent.Sample = default;
        _inbox.Offer(Device.Revision(3, """{ "batch": { "maximumAge": "3m" } }"""));
        await EventAsync(RevisionOutcome.Reverted);
        await PhaseAsync(RevisionPhase.Running);
        disks.Add(Copy(disks.Count));

        Assert.True(disks.Count >= 7, $"{disks.Count} disks");
        foreach (string disk in disks)
        {
            // What was being written then, torn.
            File.WriteAllText(Path.Combine(disk, "config", "state.json.partial"), "{ torn");
            var store = new RevisionStore(disk, NullLogger.Instance);
            store.Open();
            Layered start = _device.Start(store, Guid.NewGuid());
            Assert.InRange(start.Header.Number, 1ul, 2ul);
            Assert.Equal(TimeSpan.FromMinutes(start.Header.Number), start.Configuration.Batch.MaximumAge);
            Assert.True(store.State.Trial.IsNone);
            Assert.Empty(store.Damage);
        }
    }

    private static TrialSample Receipted => new(IsReceipted: true, 0, 0, 0, 0, HasEnded: false);

    private RevisionState OnDisk => RevisionStateFile.Read(_device.Configs);

    private string Copy(int number)
    {
        string target = _device.Folder[$"disk-{number}"];
        Directory.CreateDirectory(Path.Combine(target, "config"));
        foreach (string file in Directory.GetFiles(_device.Configs))
        {
            File.Copy(file, Path.Combine(target, "config", Path.GetFileName(file)));
        }
        return target;
    }

    private Task PhaseAsync(RevisionPhase phase) => Eventually.TrueAsync(() => _loop.Phase == phase, Enough, () => $"it is {phase}; it is {_loop.Phase}");

    /// <summary>Lets time pass until the disk says so.</summary>
    private Task EventAsync(RevisionOutcome outcome) => Eventually.TrueAsync(
        () => OnDisk.Events is [.., { } last] && last.Outcome == outcome || (_loop.Phase == RevisionPhase.OnTrial && !Advance()),
        Enough, () => $"a revision is {outcome}; it is {_loop.Phase}");

    private bool Advance(int seconds = 1)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return true;
    }
}
