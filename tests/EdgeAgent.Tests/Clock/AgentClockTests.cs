using EdgeAgent.Clock;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Clock;

/// <summary>What is known of the time, on a board whose clocks the test owns.</summary>
public sealed class AgentClockTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly TestMachine _machine = new();

    private static long Nanoseconds(DateTimeOffset time) => UnixTime.Nanoseconds(time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_board_that_starts_in_1970_is_provisional_and_not_before_what_is_certainly_over()
    {
        AgentClock clock = Create();

        Assert.Equal((ClockState.Provisional, true), (clock.State, clock.Now().Offset!.IsProvisional));
        Assert.Equal(Nanoseconds(TestClocks.Built), clock.Now().UnixNanoseconds);
    }

    [Fact]
    public void What_was_made_before_NTP_came_is_moved_by_exactly_what_was_wrong()
    {
        AgentClock clock = Create();
        Advance(TimeSpan.FromHours(1));
        ReadingTime early = clock.Now();
        Assert.False(early.Offset!.TryCorrect(out _));
        Advance(TimeSpan.FromHours(5));
        ReadingTime late = clock.Now();

        _machine.Synchronize(Now);
        Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Nanoseconds(Now) + (2 * Second), clock.Now().UnixNanoseconds);
        Assert.Equal(ClockState.Synchronized, clock.State);
        Assert.Same(early.Offset, late.Offset);
        Assert.True(early.Offset.TryCorrect(out long shift));
        Assert.Equal(Nanoseconds(Now.AddHours(-5)), early.UnixNanoseconds + shift);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void While_nobody_vouches_for_it_a_jump_of_the_wall_clock_moves_nothing_that_is_known(int years)
    {
        AgentClock clock = Create();
        _machine.Synchronize(Now);
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Nanoseconds(Now) + Second, clock.Now().UnixNanoseconds);

        _machine.Sync = new KernelSync(KernelSyncState.Unsynchronized);
        _machine.Time.SetWallClock(Now.AddYears(years));
        Advance(TimeSpan.FromSeconds(9));

        Assert.Equal((ClockState.Synchronized, Nanoseconds(Now) + (10 * Second)), (clock.State, clock.Now().UnixNanoseconds));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void A_step_that_the_kernel_vouches_for_is_followed(int years)
    {
        AgentClock clock = Create();
        _machine.Synchronize(Now.AddYears(years));
        Advance(TimeSpan.FromSeconds(1));
        ReadingTime wrong = clock.Now();

        _machine.Synchronize(Now);
        Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Nanoseconds(Now) + Second, clock.Now().UnixNanoseconds);
        Assert.NotSame(wrong.Offset, clock.Now().Offset);
    }

    [Fact]
    public void Slewing_and_the_noise_of_reading_two_clocks_move_nothing()
    {
        AgentClock clock = Create();
        _machine.Synchronize(Now);
        Advance(TimeSpan.FromSeconds(1));
        ClockOffset offset = clock.Offset;

        _machine.Time.SetWallClock(_machine.Time.GetUtcNow() + TimeSpan.FromMicroseconds(300));
        Advance(TimeSpan.FromSeconds(1));

        Assert.Same(offset, clock.Offset);
    }

    [Fact]
    public void Where_the_kernel_gives_no_answer_the_wall_clock_counts_once_it_is_past_the_floor()
    {
        _machine.Sync = new KernelSync(KernelSyncState.Unknown);
        AgentClock clock = Create();
        Assert.Equal(ClockState.Provisional, clock.State);

        _machine.Time.SetWallClock(Now);
        Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((ClockState.Synchronized, Nanoseconds(Now) + Second), (clock.State, clock.Now().UnixNanoseconds));
        // Back to 1970 is no time at all, and what was known is still known.
        _machine.Time.SetWallClock(DateTimeOffset.UnixEpoch);
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Nanoseconds(Now) + (2 * Second), clock.Now().UnixNanoseconds);
    }

    [Fact]
    public void A_wall_clock_that_somebody_else_keeps_right_is_trusted_where_the_configuration_says_so()
    {
        AgentClock clock = Create(new ClockOptions { Trust = ClockTrust.Always });

        Assert.Equal((ClockState.Synchronized, 0), (clock.State, clock.Now().UnixNanoseconds));
    }

    [Fact]
    public void Where_NTP_never_comes_the_service_tells_the_time_to_half_the_round_trip()
    {
        AgentClock clock = Create();
        ReadingTime early = clock.Now();
        long asked = clock.BootNanoseconds;
        Advance(TimeSpan.FromSeconds(3));

        clock.Heard(Nanoseconds(Now), asked);

        Assert.Equal(ClockState.Synchronized, clock.State);
        Assert.InRange(clock.Now().UnixNanoseconds, Nanoseconds(Now), Nanoseconds(Now) + (3 * Second));
        Assert.Equal((ulong)(1.5 * Second), Assert.Single(clock.References()).UncertaintyNanoseconds);
        Assert.True(early.Offset!.TryCorrect(out _));

        // A shorter round trip knows better, and a longer one changes nothing.
        Hear(clock, Now.AddMinutes(1), TimeSpan.FromMilliseconds(20));
        long better = clock.Offset.Nanoseconds;
        Hear(clock, Now.AddMinutes(1), TimeSpan.FromSeconds(2));
        Assert.Equal(better, clock.Offset.Nanoseconds);
    }

    [Fact]
    public void A_wall_clock_that_the_service_confirms_is_used_as_it_is()
    {
        _machine.Time.SetWallClock(Now);
        AgentClock clock = Create();
        Assert.Equal(ClockState.Provisional, clock.State);

        Hear(clock, Now.AddSeconds(2), TimeSpan.FromSeconds(4));

        Assert.Equal((ClockState.Synchronized, Nanoseconds(Now) + (4 * Second)), (clock.State, clock.Now().UnixNanoseconds));
    }

    [Fact]
    public void The_kernel_is_believed_before_the_service()
    {
        AgentClock clock = Create();
        _machine.Synchronize(Now);
        Hear(clock, Now.AddDays(-30), TimeSpan.FromMilliseconds(10));

        Assert.Equal(Nanoseconds(Now) + (Second / 100), clock.Now().UnixNanoseconds);
    }

    [Fact]
    public void A_service_that_is_in_1970_itself_is_not_believed()
    {
        AgentClock clock = Create();

        Hear(clock, DateTimeOffset.UnixEpoch.AddDays(1), TimeSpan.FromMilliseconds(10));

        Assert.Equal(ClockState.Provisional, clock.State);
    }

    [Fact]
    public void The_last_good_time_is_the_floor_of_the_next_start()
    {
        AgentClock first = Create();
        Assert.False(first.Save());
        _machine.Synchronize(Now);
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ClockState.Synchronized, first.State);
        Assert.True(first.Save());

        var next = new TestMachine { Sync = new KernelSync(KernelSyncState.Unknown) };
        next.Time.SetWallClock(Now.AddDays(-1));
        AgentClock second = TestClocks.Of(next, _folder["clock"]);

        // A day before is later than the build, and known to be wrong all the same.
        Assert.Equal(ClockState.Provisional, second.State);
        Assert.Equal(Now.AddSeconds(1), second.Floor);
        Assert.Equal(Nanoseconds(Now.AddSeconds(1)), second.Now().UnixNanoseconds);
    }

    [Fact]
    public void What_nobody_vouches_for_is_never_a_floor_and_a_wrong_floor_is_mended_by_the_service()
    {
        _machine.Sync = new KernelSync(KernelSyncState.Unknown);
        _machine.Time.SetWallClock(Now.AddYears(10));
        AgentClock ahead = Create();
        Assert.True(ahead.Save());
        Assert.Equal(TestClocks.Built, Create().Floor);

        _machine.Synchronize(Now.AddYears(10));
        AgentClock poisoned = Create();
        Assert.True(poisoned.Save());
        _machine.Synchronize(Now);
        AgentClock mended = Create();
        Assert.Equal(ClockState.Provisional, mended.State);
        Hear(mended, Now, TimeSpan.FromMilliseconds(2));
        Assert.Equal(ClockState.Synchronized, mended.State);
        Assert.True(mended.Save());
        Assert.Equal(Now.Date, Create().Floor.Date);
    }

    [Fact]
    public void Of_earlier_boots_it_stays_known_when_they_were()
    {
        for (int boot = 1; boot <= 10; boot++)
        {
            var machine = new TestMachine { BootId = new Guid(boot, 0, 0, new byte[8]) };
            AgentClock clock = TestClocks.Of(machine, _folder["clock"]);
            machine.Synchronize(Now.AddDays(boot));
            machine.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(clock.IsKnown);
            Assert.True(clock.Save());
        }

        IReadOnlyList<ClockReference> references = Create().References();

        Assert.Equal(Enumerable.Range(3, 8).Select(boot => (byte)boot), references.Select(reference => reference.BootId[3]));
        Assert.Equal(
            Enumerable.Range(3, 8).Select(boot => Nanoseconds(Now.AddDays(boot))),
            references.Select(reference => reference.UnixNanoseconds - reference.BootTimeNanoseconds));
    }

    private AgentClock Create(ClockOptions? options = null) => TestClocks.Of(_machine, _folder["clock"], options);

    private void Advance(TimeSpan time) => _machine.Time.Advance(time);

    private void Hear(AgentClock clock, DateTimeOffset time, TimeSpan roundTrip)
    {
        long asked = clock.BootNanoseconds;
        Advance(roundTrip);
        clock.Heard(Nanoseconds(time), asked);
    }
}
