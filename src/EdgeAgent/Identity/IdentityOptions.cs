using EdgeAgent.Configuration;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Identity;

/// <summary>How the device gets its certificate and keeps it new. Section <c>identity</c> of the configuration.</summary>
internal sealed class IdentityOptions
{
    /// <summary>Its name in <c>device.state</c>.</summary>
    public const string FolderName = "identity";

    /// <summary>Where keys, certificates and roots lie: <c>identity</c> in the state folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The one-time token to enrol with where there is no certificate. Default null: somebody runs <c>edge-agent enroll</c>.</summary>
    public Secret? Token { get; init; }

    /// <summary>
    /// Pins as <see cref="PublicKeyPin"/> writes them, by which the service is known at enrolment though nobody vouches for it. Default none: <c>cloud.ca</c>, or
    /// the system's roots.
    /// </summary>
    public IReadOnlyCollection<string> Pins { get; init; } = [];

    /// <summary>PEM file with a private key (EC) that somebody else made, and that is never replaced. Default null: the device makes its own.</summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// Within this time after it is due a certificate is renewed, at a moment that its own bytes choose, so that a fleet that was enrolled in one hour does not
    /// come back in one; a quarter of what is left of the certificate at the most. Default 1 day: a tenth of the 30 that a certificate of 90 days has left then
    /// would be three, and the service's load is even over a day already.
    /// </summary>
    public TimeSpan RenewSpread { get; init; } = TimeSpan.FromDays(1);
}
