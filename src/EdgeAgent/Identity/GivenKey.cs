using System.Security.Cryptography;

namespace EdgeAgent.Identity;

/// <summary>One key for all certificates, which somebody else made and looks after: a credential of systemd, a file of the image. It is only ever read.</summary>
internal sealed class GivenKey(string file) : IDeviceKeys
{
    public void Prepare(int generation)
    {
    }

    public ECDsa Open(int generation) => PemFiles.LoadKey(file);

    public void Forget(int generation)
    {
    }

    public string Stamp(int generation) => PemFiles.Stamp(file);
}
