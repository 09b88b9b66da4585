using System.Security.Cryptography;

namespace EdgeAgent.Identity;

/// <summary>
/// Where the device's private key is. It never leaves: requests are signed with it and TLS uses it, and both ask for it here. A key that cannot be read at all, in a
/// TPM or behind PKCS#11, is a further implementation: <see cref="Open"/> returns what .NET makes of it (<see cref="SafeEvpPKeyHandle.OpenKeyFromProvider"/> with
/// "tpm2" or "pkcs11", wrapped as <see cref="ECDsaOpenSsl"/>), and nothing else changes.
/// </summary>
internal interface IDeviceKeys
{
    /// <summary>The key of a generation is there when this returns, and would survive a power cut. One that is there already stays.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">The disk may not be written.</exception>
    void Prepare(int generation);

    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="CryptographicException">What is there is no private key.</exception>
    ECDsa Open(int generation);

    /// <summary>Takes the key of a generation away that nothing needs any more.</summary>
    void Forget(int generation);

    /// <summary>Differs where a key is not the one that it was.</summary>
    string Stamp(int generation);
}
