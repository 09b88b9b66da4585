using EdgeAgent.Torture.Network;

namespace EdgeAgent.Bench.Uplink;

/// <summary>What lies between agent and service.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Line">How it treats bytes; null where there is nothing between them.</param>
internal sealed record Link(string Name, Line? Line)
{
    // 1 Mbit/s.
    private const long SlowBytesPerSecond = 125_000;

    private static readonly TimeSpan HalfOfRoundTrip = TimeSpan.FromMilliseconds(25);

    public static IReadOnlyList<Link> All { get; } =
    [
        new("loopback", null),
        new("50 ms round trip", new Line { Delay = HalfOfRoundTrip }),
        new("1 Mbit/s", new Line { BytesPerSecond = SlowBytesPerSecond }),
        new("1 Mbit/s and 50 ms", new Line { BytesPerSecond = SlowBytesPerSecond, Delay = HalfOfRoundTrip }),
    ];
}
