namespace EdgeAgent.Ingestion.Identity;

/// <summary>By what it is proven who is calling.</summary>
internal enum CallerProof
{
    /// <summary>A certificate that counts now.</summary>
    Certificate,

    /// <summary>One that did once. It may be renewed, and nothing else.</summary>
    ExpiredCertificate,

    /// <summary>A token that this service has handed out.</summary>
    StaticToken,

    /// <summary>A JSON Web Token of another authority.</summary>
    WebToken,
}

/// <summary>A device that is calling. Whether it may is not said by this. Instants are nanoseconds since 1970.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Proof">How it is known.</param>
/// <param name="Id">The certificate's serial number, or the hexadecimal text of the static token's hash; empty for a web token.</param>
/// <param name="From">Since when the proof counts.</param>
/// <param name="Until">Until when.</param>
internal sealed record Caller(string Device, CallerProof Proof, string Id, long From, long Until);

/// <summary>What is known of whoever is calling.</summary>
/// <param name="Caller">The device; null where it cannot be said.</param>
/// <param name="Problem">What has to be put right then. For people.</param>
/// <param name="IsTrusted">
/// The caller has proven something, though perhaps not that it is a device: a tool or a proxy with a certificate of an authority that counts. Such a one may ask about health.
/// </param>
internal sealed record Identification(Caller? Caller, string Problem, bool IsTrusted)
{
    public static Identification Of(Caller caller) => new(caller, "", caller.Proof != CallerProof.ExpiredCertificate);

    public static Identification Unknown(string problem, bool isTrusted = false) => new(null, problem, isTrusted);
}
