using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Tests.RemoteConfig;

public sealed class StartingPointTests : IDisposable
{
    private static readonly Revision First = Device.Revision(1, """{ "batch": { "maximumAge": "1m" } }""");
    private static readonly Revision Second = Device.Revision(2, """{ "batch": { "maximumAge": "2m" } }""");
    private static readonly Revision Third = Device.Revision(3, """{ "batch": { "maximumAge": "3m" } }""");
    private readonly Device _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_device_without_a_network_starts_with_its_last_good_revision()
    {
        _device.Remembering(First, Second);

        Layered start = _device.Start(_device.OpenStore());

        Assert.Equal(TimeSpan.FromMinutes(2), start.Configuration.Batch.MaximumAge);
    }

    [Theory]
    [InlineData("Open", true, "crashed")]
    [InlineData("Settled", true, "crashed")]
    [InlineData("InOrder", true, "stopped")]
    [InlineData("Open", false, "power")]
    public void What_is_found_on_trial_is_given_up_and_reported(string end, bool isSameBoot, string how)
    {
        RevisionStore store = OnTrial(Enum.Parse<RunEnd>(end), crashes: 1);

        Layered start = _device.Start(store, isSameBoot ? Device.Boot : Guid.NewGuid());

        Assert.Equal(2ul, start.Header.Number);
        RevisionEvent reverted = Assert.Single(store.State.Events);
        Assert.Equal((3ul, RevisionOutcome.Reverted, 2ul, false), (reverted.Revision.Number, reverted.Outcome, reverted.RunningNumber, reverted.IsTold));
        Assert.Contains(how, reverted.Errors[0].Message, StringComparison.Ordinal);
        Assert.True(store.State.Trial.IsNone);
        Assert.True(store.State.HasGivenUp(Third.Header));
        // How the trial ended does not count against the last good one.
        Assert.Equal(0, store.State.Run!.Crashes);
    }

    [Theory]
    [InlineData("Open", true, true)]
    [InlineData("Settled", true, true)]
    [InlineData("InOrder", true, false)]
    [InlineData("Open", false, false)]
    public void What_the_agent_was_looking_at_when_it_crashed_is_rejected_and_otherwise_looked_at_again(string end, bool isSameBoot, bool isRejected)
    {
        RevisionStore store = _device.Remembering(First, Second);
        store.Save(store.State with { Judged = Third.Header, Run = new RunRecord(Device.Boot, 1, Enum.Parse<RunEnd>(end), 1) });

        Layered start = _device.Start(store, isSameBoot ? Device.Boot : Guid.NewGuid());

        Assert.Equal(2ul, start.Header.Number);
        Assert.True(store.State.Judged.IsNone);
        Assert.Equal(isRejected, store.State.HasGivenUp(Third.Header));
        Assert.Equal(isRejected, store.State.Events.Any(news => news is { Outcome: RevisionOutcome.Rejected, RunningNumber: 2, IsTold: false }));
        // It was not under the last good one that it crashed.
        Assert.Equal(0, store.State.Run!.Crashes);
    }

    [Fact]
    public void Two_crashes_under_a_revision_bring_back_the_one_before()
    {
        _device.Remembering(First, Second);

        Assert.Equal(2ul, _device.Start(_device.OpenStore()).Header.Number);
        Assert.Equal(2ul, _device.Start(_device.OpenStore()).Header.Number);
        RevisionStore third = _device.OpenStore();
        Assert.Equal(1ul, _device.Start(third).Header.Number);
        Assert.Equal((2ul, RevisionOutcome.Reverted), (third.State.Events[^1].Revision.Number, third.State.Events[^1].Outcome));
        // The one before has its own two, and then there is the own file.
        Assert.Equal(1ul, _device.Start(_device.OpenStore()).Header.Number);
        Assert.Equal(0ul, _device.Start(_device.OpenStore()).Header.Number);
        Assert.Equal(0ul, _device.Start(_device.OpenStore()).Header.Number);
    }

    [Fact]
    public void Power_cuts_are_no_crashes()
    {
        _device.Remembering(First, Second);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(2ul, _device.Start(_device.OpenStore(), Guid.NewGuid()).Header.Number);
        }
    }

    [Theory]
    [InlineData("Settled")]
    [InlineData("InOrder")]
    public void A_run_that_was_long_or_ended_in_order_is_no_crash(string end)
    {
        _device.Remembering(First, Second);
        for (int i = 0; i < 10; i++)
        {
            RevisionStore store = _device.OpenStore();
            Assert.Equal(2ul, _device.Start(store).Header.Number);
            store.Save(store.State with { Run = store.State.Run! with { End = Enum.Parse<RunEnd>(end) } });
        }
    }

    [Fact]
    public void A_changed_own_file_is_merged_anew()
    {
        _device.Remembering(First);
        _device.WriteOwn(""" "budget": { "backlogShare": 7 } """);
        RevisionStore store = _device.OpenStore();

        Layered start = _device.Start(store);

        Assert.Equal((1ul, 7), (start.Header.Number, start.Configuration.Budget.BacklogShare));
        Assert.Equal(_device.Own.Hash, store.State.OwnHash);
    }

    [Fact]
    public void Where_a_changed_own_file_does_not_go_with_the_revision_it_runs_alone_and_that_is_reported()
    {
        _device.Remembering(First, Device.Revision(2, """{ "budget": { "perDay": "2MB" } }"""));
        _device.WriteOwn(""" "budget": { "perMonth": "1MB" } """);
        RevisionStore store = _device.OpenStore();

        Layered start = _device.Start(store);

        Assert.True(start.Header.IsNone);
        RevisionEvent reverted = Assert.Single(store.State.Events);
        Assert.Equal((2ul, RevisionOutcome.Reverted, 0ul), (reverted.Revision.Number, reverted.Outcome, reverted.RunningNumber));
        Assert.Contains(reverted.Errors, error => error.Pointer == "/budget/perDay");
    }

    [Fact]
    public void A_revision_that_cannot_be_read_any_more_makes_room_for_the_one_before()
    {
        string file = _device.Folder["other-ca.crt"];
        File.Copy(_device.Folder["ca.crt"], file);
        _device.Remembering(First, Device.Revision(2, """{ "cloud": { "ca": "other-ca.crt" } }""", bootstrap: true));
        File.Delete(file);

        Assert.Equal(1ul, _device.Start(_device.OpenStore()).Header.Number);
    }

    [Fact]
    public void A_wish_to_roll_back_is_fulfilled_once_and_only_for_its_revision()
    {
        _device.Remembering(First, Second);
        RollbackRequest.Write(_device.Configs, 7);
        Assert.Equal(2ul, _device.Start(_device.OpenStore()).Header.Number);
        RollbackRequest.Write(_device.Configs, 2);
        RevisionStore store = _device.OpenStore();

        Assert.Equal(1ul, _device.Start(store).Header.Number);
        Assert.False(RollbackRequest.IsFor(store.State.Good, _device.Configs));
        Assert.True(store.State.HasGivenUp(Second.Header));
        Assert.Equal(1ul, _device.Start(_device.OpenStore()).Header.Number);
    }

    /// <summary>The third revision is on trial over the second.</summary>
    private RevisionStore OnTrial(RunEnd end, int crashes)
    {
        RevisionStore store = _device.Remembering(First, Second);
        store.Keep(Third);
        store.Save((store.State with { Trial = Third.Header, Run = new RunRecord(Device.Boot, 1, end, crashes) })
            .With(new RevisionEvent(Third.Header, RevisionOutcome.OnTrial, [], 0, 3, IsTold: false)));
        return _device.OpenStore();
    }
}
