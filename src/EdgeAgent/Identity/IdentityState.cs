namespace EdgeAgent.Identity;

/// <summary>Where the device is with its certificate. What it is follows from the files and the time, so a process that begins anew goes on where the last one was.</summary>
internal enum IdentityState
{
    /// <summary>There is no certificate. With a token one is asked for; without, somebody has to enrol the device.</summary>
    Unenrolled,

    /// <summary>The certificate serves, and nothing is to be done.</summary>
    InForce,

    /// <summary>The next certificate is wanted, or was asked for and has not come.</summary>
    Renewing,

    /// <summary>The next certificate is there and is tried beside the present one.</summary>
    OnTrial,

    /// <summary>The next certificate is in force and has not earned a receipt yet; the one before is kept.</summary>
    Unproven,
}
