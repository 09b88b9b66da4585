using EdgeAgent.Clock;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Clock;

/// <summary>Clocks for tests of other things, and for those of clocks.</summary>
internal static class TestClocks
{
    /// <summary>No program of these tests was built later.</summary>
    public static readonly DateTimeOffset Built = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Of a machine that is right.</summary>
    public static AgentClock Right(TimeProvider? time = null) =>
        Of(new ProviderClock(time ?? TimeProvider.System), "/nowhere/clock", new ClockOptions { Trust = ClockTrust.Always });

    public static AgentClock Of(IMachineClock machine, string file, ClockOptions? options = null) =>
        new(options ?? new ClockOptions(), machine, new ClockFile(file), Built, NullLogger<AgentClock>.Instance);
}
