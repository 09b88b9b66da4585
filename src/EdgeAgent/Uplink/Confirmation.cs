using EdgeAgent.Spooling;

namespace EdgeAgent.Uplink;

/// <summary>The service's word that everything through a sequence of a lane is stored: what a new configuration or a new certificate is proven by.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Through">The sequence.</param>
/// <param name="Client">What the session went over: its line tells whether it was made before something or after it.</param>
internal readonly record struct Confirmation(SpoolLane Lane, ulong Through, IngestClient Client);
