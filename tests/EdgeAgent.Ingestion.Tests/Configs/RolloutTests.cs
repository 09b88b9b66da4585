using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class RolloutTests : IAsyncDisposable
{
    private static readonly string[] Devices = [.. Enumerable.Range(1, 10).Select(i => $"press-{i}")];

    private readonly ConfigDesk _desk = new();

    public RolloutTests()
    {
        _desk.Meet(Devices);
        _desk.Push(Layer.Fleet, """{"v":1}""");
        foreach (string device in Devices)
        {
            _desk.Answer(device, ConfigOutcome.Applied);
        }
    }

    [Fact]
    public void A_stage_gets_it_first_and_the_next_when_it_has_soaked_and_all_when_the_last_is_proven()
    {
        Rollout rollout = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "20%,5", after: "00:30:00");
        IReadOnlyList<string> order = _desk.Order(rollout.Number);
        Assert.Equal(2, Having(2));
        Assert.Equal("""{"v":2}""", _desk.Document(order[0]));
        Assert.Equal("""{"v":1}""", _desk.Document(order[2]));

        _desk.Send(order[1]);
        _desk.Answer(order[0], ConfigOutcome.Applied);
        _desk.Answer(order[1], ConfigOutcome.OnTrial);
        Assert.Equal(RolloutState.Sending, _desk.Rollout(rollout.Number).State);
        _desk.Answer(order[1], ConfigOutcome.Applied);
        Assert.Equal(RolloutState.Soaking, _desk.Rollout(rollout.Number).State);
        Assert.Equal(_desk.Time.GetUtcNow() + TimeSpan.FromMinutes(30), _desk.Settle());

        _desk.Time.Advance(TimeSpan.FromMinutes(30));
        _desk.Settle();
        Assert.Equal((RolloutState.Sending, 1), (_desk.Rollout(rollout.Number).State, _desk.Rollout(rollout.Number).Stage));
        Assert.Equal(5, Having(2));
        Assert.Equal(1, _desk.Desired(order[5]).Number);

        foreach (string device in order.Skip(2).Take(2))
        {
            _desk.Answer(device, ConfigOutcome.Applied);
        }
        // The fifth comes while the stage soaks, and is waited for.
        Assert.Equal(RolloutState.Soaking, _desk.Rollout(rollout.Number).State);
        _desk.Send(order[4]);
        _desk.Time.Advance(TimeSpan.FromMinutes(30));
        _desk.Settle();
        Assert.Equal(5, Having(2));
        _desk.Answer(order[4], ConfigOutcome.Applied);
        Assert.Equal(10, Having(2));
        // Devices that nobody knew then are not part of it, and get what is in effect for all.
        _desk.Meet("newcomer");
        Assert.Equal("""{"v":1}""", _desk.Document("newcomer"));
        foreach (string device in order.Skip(5))
        {
            _desk.Answer(device, ConfigOutcome.Applied);
        }
        Assert.Equal(RolloutState.Finished, _desk.Rollout(rollout.Number).State);
        Assert.Equal("""{"v":2}""", _desk.Document("newcomer"));
    }

    [Fact]
    public void It_stops_by_itself_and_says_why_and_whom_it_has_not_reached_keep_what_they_had()
    {
        Rollout rollout = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "4,100%");
        IReadOnlyList<string> order = _desk.Order(rollout.Number);
        _desk.Answer(order[0], ConfigOutcome.Reverted);
        Assert.Equal(RolloutState.Sending, _desk.Rollout(rollout.Number).State);
        _desk.Answer(order[1], ConfigOutcome.Applied);

        Rollout stopped = _desk.Rollout(rollout.Number);
        Assert.Equal(RolloutState.Stopped, stopped.State);
        Assert.Contains("1 of 2 devices", stopped.Reason, StringComparison.Ordinal);
        // Of the stage of four two were reached; the other two go back to the bytes that they hold, and are sent nothing.
        Assert.Equal("""{"v":2}""", _desk.Document(order[1]));
        Assert.Equal("""{"v":1}""", _desk.Document(order[2]));
        Assert.All(Devices, device => Assert.False(_desk.Desired(device).IsAwaited));
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.Fleet, """{"v":3}""", stages: "10%"));
    }

    [Fact]
    public void A_stopped_one_can_be_continued_withdrawn_or_overtaken()
    {
        Rollout rollout = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "2");
        IReadOnlyList<string> order = _desk.Order(rollout.Number);
        _desk.Answer(order[0], ConfigOutcome.Reverted);
        _desk.Answer(order[1], ConfigOutcome.Reverted);
        Assert.Equal(RolloutState.Stopped, _desk.Rollout(rollout.Number).State);

        _desk.Changes.Continue(rollout.Number, "berta");
        _desk.Settle();
        Assert.Equal(RolloutState.Sending, _desk.Rollout(rollout.Number).State);
        Assert.Equal(10, Having(2));
        _desk.Changes.Stop(rollout.Number, "berta");
        Assert.Equal(2, Having(2));
        Assert.Throws<ConfigRefusedException>(() => _desk.Changes.Stop(rollout.Number, "berta"));

        Rollout back = _desk.Changes.Withdraw(rollout.Number, "berta");
        Assert.Equal(3, back.Version);
        Assert.Equal(RolloutState.Withdrawn, _desk.Rollout(rollout.Number).State);
        Assert.Equal(0, Having(2));
        Assert.Equal("""{"v":1}""", _desk.Document(order[0]));
        Assert.Throws<ConfigRefusedException>(() => _desk.Changes.Continue(rollout.Number, "berta"));
        Assert.Throws<ConfigRefusedException>(() => _desk.Changes.Withdraw(rollout.Number, "berta"));

        Rollout another = _desk.Push(Layer.Fleet, """{"v":4}""", stages: "2");
        _desk.Push(Layer.Fleet, """{"v":5}""");
        Assert.Equal(RolloutState.Superseded, _desk.Rollout(another.Number).State);
        Assert.Equal("""{"v":5}""", _desk.Document(order[0]));
    }

    [Fact]
    public void What_was_pushed_to_all_at_once_can_be_withdrawn_too()
    {
        Rollout pushed = _desk.Push(Layer.OfDevice("press-1"), """{"own":1}""");
        Assert.Equal(RolloutState.Finished, pushed.State);
        _desk.Changes.Withdraw(pushed.Number, "anna");
        Assert.Equal("""{"v":1}""", _desk.Document("press-1"));
        Assert.Equal("""{"v":1}""", _desk.Document("press-2"));
    }

    [Fact]
    public void Who_gets_it_first_is_drawn_and_can_be_found_again()
    {
        Rollout first = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "1");
        IReadOnlyList<string> order = _desk.Order(first.Number);
        string Key(string device) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{first.Number}:{device}")));
        Assert.Equal(Devices.OrderBy(Key, StringComparer.Ordinal), order);
        _desk.Changes.Withdraw(first.Number, "anna");
        Assert.NotEqual(order, _desk.Order(_desk.Push(Layer.Fleet, """{"v":3}""", stages: "1").Number));
    }

    [Fact]
    public void A_device_that_answered_a_later_revision_with_the_version_in_it_has_answered()
    {
        Rollout rollout = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "1");
        string first = _desk.Order(rollout.Number)[0];
        _desk.Send(first);
        _desk.Push(Layer.OfDevice(first), """{"own":1}""");
        _desk.Answer(first, ConfigOutcome.Applied);
        Assert.Equal(RolloutState.Soaking, _desk.Rollout(rollout.Number).State);
    }

    [Fact]
    public void Two_instances_move_a_rollout_on_once()
    {
        Rollout rollout = _desk.Push(Layer.Fleet, """{"v":2}""", stages: "2,4,6", after: "00:00:01");
        foreach (string device in _desk.Order(rollout.Number).Take(2))
        {
            _desk.Answer(device, ConfigOutcome.Applied);
        }
        _desk.Time.Advance(TimeSpan.FromSeconds(2));
        var others = Enumerable.Range(0, 4).Select(_ => new RolloutDriver(
            _desk.Control, _desk.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<RolloutDriver>.Instance)).ToList();
        Parallel.ForEach(others, driver => driver.Step());
        Assert.Equal((RolloutState.Sending, 1), (_desk.Rollout(rollout.Number).State, _desk.Rollout(rollout.Number).Stage));
        Assert.Equal(4, Having(2));
    }

    [Fact]
    public void Stages_that_shrink_or_have_nobody_are_refused()
    {
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.Fleet, """{"v":2}""", stages: "50%,3"));
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.OfDevice("never-heard-of"), """{"v":2}""", stages: "1"));
        Assert.Equal("""{"v":1}""", _desk.Document("press-1"));
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private int Having(int version) => Devices.Count(device => _desk.Document(device) == $$"""{"v":{{version}}}""");
}
