using EdgeAgent.Clock;
using EdgeAgent.Sensors;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Clock;

/// <summary>A board whose clocks a test owns: it starts in 1970 and without NTP.</summary>
internal sealed class TestMachine(ManualTimeProvider? time = null) : IMachineClock
{
    public ManualTimeProvider Time { get; } = time ?? new ManualTimeProvider(DateTimeOffset.UnixEpoch);

    public Guid BootId { get; set; } = new("11111111-2222-3333-4444-555555555555");

    public KernelSync Sync { get; set; } = new(KernelSyncState.Unsynchronized);

    public long BootNanoseconds => Time.GetTimestamp() * TimeSpan.NanosecondsPerTick;

    public long WallNanoseconds => UnixTime.Nanoseconds(Time.GetUtcNow());

    /// <summary>NTP sets the wall clock, and says so to the kernel.</summary>
    public void Synchronize(DateTimeOffset now)
    {
        Time.SetWallClock(now);
        Sync = new KernelSync(KernelSyncState.Synchronized, 20_000_000);
    }
}
