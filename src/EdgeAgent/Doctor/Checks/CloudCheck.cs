using System.Globalization;
using EdgeAgent.Identity;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Each endpoint of the cloud: TCP, TLS, HTTP/2, whether the service works, and whether it takes this device.</summary>
internal sealed class CloudCheck(ExaminedDevice device, CloudVisits visits) : IDoctorCheck
{
    public string Name => "cloud";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => device.Configuration is null
        ? [Diagnosis.Skipped("", "Without a configuration nobody knows where it is.")]
        : [.. (await visits.AllAsync(cancellationToken).ConfigureAwait(false)).SelectMany(Diagnose)];

    private static IEnumerable<Diagnosis> Diagnose(CloudVisit visit)
    {
        string place = visit.Endpoint.Authority;
        if (visit.NoConnection is { } failure)
        {
            yield return Diagnosis.Fail(place, failure.Message, Remedy(failure.Cause));
            yield break;
        }
        yield return Diagnosis.Pass(
            place, string.Create(CultureInfo.InvariantCulture, $"TCP, TLS and HTTP/2 are there within {visit.ConnectedIn.TotalMilliseconds:f0} ms, and its certificate is trusted."));
        if (visit.NoCertificate is { } unusable)
        {
            yield return unusable is UnauthorizedAccessException
                ? Diagnosis.NeedsSudo(place, $"Whether it accepts this device was not asked: {unusable.Message}")
                : Diagnosis.Skipped(place, $"Whether it accepts this device was not asked: {unusable.Message}", "See the check \"certificate\".");
            yield break;
        }
        if (visit.IsServing == false)
        {
            yield return Diagnosis.Fail(place, "The service says that it does not work at present: its store fails.", "Readings are kept here. Look at the service and its database.");
        }
        yield return OfDevice(place, visit);
    }

    private static Diagnosis OfDevice(string place, CloudVisit visit) => visit.Device switch
    {
        { Outcome: ProbeOutcome.Accepted } => Diagnosis.Pass(place, "It accepts this device."),
        { Outcome: ProbeOutcome.Refused, Reason: var words } => Diagnosis.Fail(place, $"It does not let this device upload. {words}", OfRefusal(words)),
        { Reason: var words } => Diagnosis.Fail(
            place, $"It did not answer a session. {words}", "Look at the service's log; where it ends connections at once it may not know the authority of this device's certificate."),
        null => Diagnosis.Fail(place, $"It did not answer. {visit.HealthWords}", "Look at the service's log."),
    };

    /// <summary>By the service's own words (Identity/DeviceGate of the service).</summary>
    private static string OfRefusal(string words) =>
        words.Contains("quarantine", StringComparison.Ordinal) ? "Readings are kept. Release it on the service: edge-ingestion device NAME release."
        : words.Contains("revoked", StringComparison.Ordinal) || words.Contains("before a revocation", StringComparison.Ordinal)
            ? "Release it on the service and enrol it again: edge-ingestion token create --device NAME, then edge-agent enroll --token TOKEN."
        : words.Contains("expired", StringComparison.Ordinal) ? "See the checks \"clock\" and \"certificate\"; enrol it again: edge-ingestion token create --device NAME, then edge-agent enroll --token TOKEN."
        : "Compare the authority of the device's certificate (edge-agent identity show) with the one that the service trusts.";

    private static string Remedy(ConnectFailureCause cause) => cause switch
    {
        ConnectFailureCause.Dns => "See the check \"dns\"; correct cloud.endpoint or the resolver.",
        ConnectFailureCause.Refused => "Look at the port in cloud.endpoint, whether the service runs, and at firewalls.",
        ConnectFailureCause.Unreachable => "Look at the line: cable, SIM, ip route.",
        ConnectFailureCause.TimedOut => "Look at the line, then whether a firewall on the way lets the port out.",
        ConnectFailureCause.Proxy => "See the check \"proxy\".",
        ConnectFailureCause.TlsName => "Write the name that the certificate is for into cloud.endpoint, or into cloud.serverName.",
        ConnectFailureCause.TlsAuthority => "Put the root of the service's certificate into cloud.ca; where a firewall opens TLS, have it except this host.",
        ConnectFailureCause.TlsTime => "See the check \"clock\"; if the clock is right, the service's certificate has to be renewed.",
        ConnectFailureCause.TlsPin => "If the service has a new key, write its pin into cloud.pin; if not, somebody stands in between.",
        ConnectFailureCause.TlsHandshake => "Look whether TLS is spoken at this port, and whether the service trusts the authority of the device's certificate.",
        ConnectFailureCause.Http2Missing => "Let the load balancer pass HTTP/2 on, or TCP as it is.",
        ConnectFailureCause.NoService => "Look at the load balancer: it has no service behind it.",
        _ => "Look at the service's log: it ended the connection.",
    };
}
