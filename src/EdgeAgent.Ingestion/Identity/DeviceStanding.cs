namespace EdgeAgent.Ingestion.Identity;

/// <summary>What a device may do.</summary>
internal enum DeviceStanding
{
    /// <summary>Everything.</summary>
    Active,

    /// <summary>It may connect, take configurations and report on them, so that it can be mended. It may not upload, and keeps what it reads.</summary>
    Quarantined,

    /// <summary>Nothing. What it was issued does not count again when it is released, unless whoever releases it says so.</summary>
    Revoked,
}

/// <summary>What somebody has decided about a device. Instants are nanoseconds since 1970.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Standing">What it may do.</param>
/// <param name="Reason">For people; may be empty.</param>
/// <param name="Author">Who decided it.</param>
/// <param name="Since">When.</param>
/// <param name="CredentialsFrom">Certificates and tokens issued before this instant count for nothing; 0: all count.</param>
internal sealed record DeviceDecision(string Device, DeviceStanding Standing, string Reason, string Author, long Since, long CredentialsFrom)
{
    public static DeviceDecision None(string device) => new(device, DeviceStanding.Active, "", "", 0, 0);
}
