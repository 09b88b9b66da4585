using EdgeAgent.Supervision;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Supervision;

/// <summary>Beats of the watchdog, counted where the supervisor would hear them.</summary>
public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeSupervisor _supervisor;
    private readonly SupervisorSocket _socket;
    private readonly Heartbeats _process;
    private readonly RecordingLog _log = new();
    private readonly LoggerFactory _loggers;
    private Heartbeats? _inside;
    private Watchdog? _watchdog;

    public WatchdogTests()
    {
        _supervisor = new FakeSupervisor(_folder["notify"]);
        _socket = new SupervisorSocket(_folder["notify"]);
        _process = new Heartbeats(_time);
        _loggers = new LoggerFactory([_log]);
    }

    public void Dispose()
    {
        _watchdog?.Dispose();
        _socket.Dispose();
        _supervisor.Dispose();
        _loggers.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_beats_at_once_and_then_twice_within_the_supervisors_limit()
    {
        Start();
        Assert.Equal(["WATCHDOG=1"], _supervisor.Heard());

        _time.Advance(3 * Limit);
        Assert.Equal(Enumerable.Repeat("WATCHDOG=1", 6), _supervisor.Heard());
    }

    [Fact]
    public void A_stage_that_is_stuck_is_named_once_and_no_beat_comes()
    {
        Heartbeat heart = _process.Add("the batcher", Patience);
        Start();
        heart.Turn();
        _time.Advance(TimeSpan.FromSeconds(1));
        _ = _supervisor.Heard();

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            ["WATCHDOG=1", "STATUS=Stuck: the batcher. The process is ended and started again unless it comes to."], _supervisor.Heard());
        Assert.Single(_log.Lines, line => line.Contains("the batcher", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stage_that_comes_to_after_less_than_the_limit_is_not_ended_for_it()
    {
        Heartbeat heart = _process.Add("the batcher", Patience);
        Start();
        _time.Advance(Limit / 2);
        heart.Turn();
        _time.Advance(Limit / 2);
        _ = _supervisor.Heard();
        // The worst case: it is found stuck just before the last look at which a beat would have been due.
        _time.Advance(Patience);
        heart.Rest();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("WATCHDOG=1", _supervisor.Heard());
        _time.Advance(Limit);
        Assert.Equal(2, _supervisor.Heard().Count(static beat => beat == "WATCHDOG=1"));
    }

    [Fact]
    public void Whatever_moment_a_stall_of_less_than_the_limit_begins_at_no_two_beats_are_further_apart_than_the_limit()
    {
        for (int begin = 0; begin < 30; begin++)
        {
            var time = new ManualTimeProvider();
            var hearts = new Heartbeats(time);
            Heartbeat heart = hearts.Add("the disk", Patience);
            using var watchdog = new Watchdog(_socket, Limit, hearts, null, time, _loggers.CreateLogger<Watchdog>());
            time.Advance(TimeSpan.FromSeconds(begin));
            _ = _supervisor.Heard();
            heart.Turn();
            int quiet = 0, longest = 0;
            for (int second = 0; second < 120; second++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                if (second == 54)
                {
                    heart.Rest();
                }
                quiet = _supervisor.Heard().Contains("WATCHDOG=1") ? 0 : quiet + 1;
                longest = Math.Max(longest, quiet);
            }
            Assert.InRange(longest, 1, (int)Limit.TotalSeconds - 1);
        }
    }

    [Fact]
    public void The_inside_is_looked_at_only_while_there_is_one()
    {
        _inside = new Heartbeats(_time);
        _inside.Add("the sampler", Patience).Turn();
        Start();
        // It is ended to be built anew, and its stages are not asked while they end.
        _inside = null;
        // No more than the kernel keeps for a supervisor that does not read: ten.
        _time.Advance(4 * Limit);

        Assert.Equal(9, _supervisor.Heard().Count);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_stage_that_has_ended_in_order_is_not_waited_for()
    {
        Heartbeat heart = _process.Add("the sampler of i2c-1", Patience);
        heart.Turn();
        _process.Remove(heart);
        Start();

        _time.Advance(Limit);
        Assert.Equal(3, _supervisor.Heard().Count);
    }

    [Fact]
    public void A_stage_that_sleeps_is_woken_once_a_look()
    {
        int knocked = 0;
        Heartbeat? heart = null;
        heart = _process.Add("the batcher", Patience, () =>
        {
            knocked++;
            heart!.Turn();
            heart.Rest();
        });
        Start();
        _time.Advance(2 * Limit);

        Assert.Equal(5, knocked);
        Assert.Equal(5, _supervisor.Heard().Count);
    }

    [Fact]
    public void A_stage_that_sleeps_through_a_knock_is_stuck()
    {
        _process.Add("the batcher", Patience, static () => { });
        Start();
        _time.Advance(2 * Limit);

        Assert.Contains(_log.Lines, static line => line.Contains("Stuck: the batcher", StringComparison.Ordinal));
    }

    [Fact]
    public void When_the_process_ends_nothing_is_told_any_more()
    {
        Start();
        _watchdog!.Dispose();
        _ = _supervisor.Heard();

        _time.Advance(2 * Limit);
        Assert.Empty(_supervisor.Heard());
    }

    [Fact]
    public void A_look_costs_no_object()
    {
        _process.Add("the batcher", Patience);
        Start();
        _time.Advance(Limit);
        _ = _supervisor.Heard();
        var bare = new ManualTimeProvider();
        ITimer? timer = null;
        timer = bare.CreateTimer(_ => timer!.Change(Limit / 2, Timeout.InfiniteTimeSpan), null, Limit / 2, Timeout.InfiniteTimeSpan);
        bare.Advance(Limit);

        // What the manual clock itself costs for the same timer is the clock's.
        Assert.Equal(Allocated(bare), Allocated(_time));
    }

    [Theory]
    [InlineData("60000000", null, 60.0)]
    [InlineData("60000000", "17", 60.0)]
    [InlineData("60000000", "18", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("", "17", null)]
    [InlineData(null, null, null)]
    public void The_environment_says_whether_somebody_waits_for_beats_of_this_process(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(seconds, Watchdog.LimitFrom(microseconds, process, self: 17)?.TotalSeconds);

    private void Start()
    {
        _watchdog = new Watchdog(_socket, Limit, _process, () => _inside, _time, _loggers.CreateLogger<Watchdog>());
        _time.Advance(TimeSpan.Zero);
    }

    private static long Allocated(ManualTimeProvider time)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        time.Advance(2 * Limit);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
