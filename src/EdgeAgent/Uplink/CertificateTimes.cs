using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Clock;

namespace EdgeAgent.Uplink;

/// <summary>
/// At what time the service's certificates have to be valid. TLS asks the wall clock, which starts in 1970 on a board without a battery: nothing is valid
/// then, and the service, which could tell the time, would never be reached. So the chain is built once more, at
/// <code>
/// time := now                                                   where the time is known
///       | max(floor, latest notBefore of the whole chain)       where it is not
/// </code>
/// A chain that was issued was issued in the past, so that both are certainly over. What had expired by then is refused; what has expired since cannot be
/// told. Everything else that is wrong with a certificate stays wrong.
/// </summary>
/// <param name="clock">What is known of the time.</param>
/// <param name="wall">What TLS takes for the time.</param>
internal sealed class CertificateTimes(AgentClock clock, TimeProvider wall)
{
    /// <summary>How far the wall clock may be off before the chain is looked at with a better one.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(1);

    /// <returns>The chain built at a better time than the wall clock's; null where that is right, and what TLS has found stands.</returns>
    public X509Chain? BuildAnew(X509Certificate2 service, X509Chain chain)
    {
        DateTimeOffset known = clock.UtcNow;
        if (clock.IsKnown && (known - wall.GetUtcNow()).Duration() < Near)
        {
            return null;
        }
        X509ChainPolicy policy = chain.ChainPolicy.Clone();
        policy.VerificationTime = (clock.IsKnown ? known : Later(clock.Floor, chain)).LocalDateTime;
        var again = new X509Chain { ChainPolicy = policy };
        again.Build(service);
        return again;
    }

    private static DateTimeOffset Later(DateTimeOffset floor, X509Chain chain)
    {
        foreach (X509ChainElement element in chain.ChainElements)
        {
            DateTimeOffset notBefore = element.Certificate.NotBefore;
            floor = notBefore > floor ? notBefore : floor;
        }
        return floor;
    }
}
