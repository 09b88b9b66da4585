using EdgeAgent.Identity;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Doctor.Checks;

/// <summary>What came of going to one endpoint of the cloud, step after step as far as it went.</summary>
internal sealed record CloudVisit(Uri Endpoint)
{
    /// <summary>Why there was no connection; null where there was one.</summary>
    public ConnectFailedException? NoConnection { get; init; }

    /// <summary>From the name to the end of the handshake.</summary>
    public TimeSpan ConnectedIn { get; init; }

    /// <summary>Why the device's certificate could not be shown; null where it was.</summary>
    public Exception? NoCertificate { get; init; }

    /// <summary>What the service says of itself; null where it does not say, or the device may not ask.</summary>
    public bool? IsServing { get; init; }

    /// <summary>What it says instead.</summary>
    public string HealthWords { get; init; } = "";

    /// <summary>What it makes of this device; null where that was not asked.</summary>
    public EmptySessionAnswer? Device { get; init; }

    /// <summary>How far the service's clock is ahead of this device's, and how far that may be wrong; null where it did not say.</summary>
    public (TimeSpan Ahead, TimeSpan Uncertainty)? Clock { get; init; }
}
