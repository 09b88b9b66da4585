using EdgeAgent.Configuration;
using EdgeAgent.Uplink;

namespace EdgeAgent.Identity;

/// <summary>Section <c>identity</c>.</summary>
internal static class IdentityOptionsReader
{
    /// <returns>Null where others manage the certificate, which <c>cloud.certificate</c> then names.</returns>
    public static IdentityOptions? Read(ConfigSection root, string stateFolder, UplinkOptions cloud)
    {
        ConfigSection section = root.Section("identity");
        TimeSpan spread = new IdentityOptions { Folder = stateFolder }.RenewSpread;
        var options = new IdentityOptions
        {
            Folder = Path.Combine(stateFolder, IdentityOptions.FolderName),
            Token = Secret.Read(section, "token", mayBeMissing: true),
            Pins = ConnectingOptionsReader.ReadPins(section, "pin"),
            KeyFile = section.ExistingFile("key"),
            RenewSpread = section.Time("renewSpread", spread, TimeSpan.Zero, TimeSpan.FromDays(30)),
        };
        if (cloud.CertificateFile is null)
        {
            cloud.Identity = IdentityStore.Of(options);
            return options;
        }
        if (root.Has("identity"))
        {
            section.ReportSection("The certificate is either the agent's to get and renew, or yours. Remove this section, or \"certificate\" and \"key\" of \"cloud\".");
        }
        return null;
    }
}
