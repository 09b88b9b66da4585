using EdgeAgent.Sensors;

namespace EdgeAgent.Clock;

/// <summary>
/// Where the kernel is not Linux's, or the time is a test's: the clock that only counts stands for the one since boot, and nobody says anything about
/// the wall clock. Where there is no boot id each process has one of its own.
/// </summary>
internal sealed class ProviderClock(TimeProvider time) : IMachineClock
{
    public Guid BootId { get; } = Batching.BootId.Current is var id && id != Guid.Empty ? id : Guid.NewGuid();

    public long BootNanoseconds => time.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;

    public long WallNanoseconds => UnixTime.Nanoseconds(time.GetUtcNow());

    public KernelSync Sync => new(KernelSyncState.Unknown);
}
