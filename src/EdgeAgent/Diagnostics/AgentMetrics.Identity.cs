using System.Diagnostics.Metrics;
using EdgeAgent.Identity;

namespace EdgeAgent.Diagnostics;

/// <content>The device's certificate, where the device manages it itself.</content>
internal sealed partial class AgentMetrics
{
    /// <summary>Negative once it has expired. None while the time is not known, or there is no certificate.</summary>
    public ObservedTime CertificateLeft { get; } = new("edge_agent.identity.certificate_left", "Time until the device's certificate expires.");

    /// <summary>Asking for a certificate: enrolments and renewals together, by what came of it.</summary>
    public TotalBy<IssueOutcome> CertificateRequests { get; } =
        new("edge_agent.identity.requests", "{request}", "Certificates that were asked for, by what came of it.", "outcome");

    private void PublishIdentity(Meter meter)
    {
        CertificateLeft.Publish(meter);
        CertificateRequests.Publish(meter);
    }
}
