using System.Globalization;
using EdgeAgent.Configuration;
using EdgeAgent.Files;
using EdgeAgent.Identity;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Who the device says it is: whether certificate and key are there, belong together, are readable by the agent alone, and for how long they are good.</summary>
internal sealed class CertificateCheck(ExaminedDevice device) : IDoctorCheck
{
    private const string Enrol = "On the service: edge-ingestion token create --device NAME; here: edge-agent enroll --token TOKEN.";

    private const UnixFileMode Strangers = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Of a certificate that others manage: time to get another one. The agent's own are renewed after two thirds of their life.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public string Name => "certificate";

    public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<IReadOnlyList<Diagnosis>>(device.Configuration switch
            {
                null => [Diagnosis.Skipped("", "Without a configuration nobody knows where it is.")],
                { Identity: { } identity, Cloud.Identity: { } store } => [.. OfIdentity(identity, store)],
                var configuration => [.. OfFiles(configuration.Cloud.CertificateFile!, configuration.Cloud.KeyFile!)],
            });
        }
        catch (UnauthorizedAccessException denied)
        {
            return Task.FromResult<IReadOnlyList<Diagnosis>>([Diagnosis.NeedsSudo("", denied.Message)]);
        }
    }

    private IEnumerable<Diagnosis> OfIdentity(IdentityOptions identity, IdentityStore store)
    {
        int current = store.Current;
        if (store.Read(current) is not { } stored)
        {
            // A folder that this user may not look into looks as if it were not there.
            yield return Directory.Exists(store.Folder) || device.IsRoot || !Directory.Exists(device.Known.Device.StateFolder)
                ? Diagnosis.Fail("", $"This device has no certificate in {store.Folder}. Readings are kept.", Enrol)
                : Diagnosis.NeedsSudo("", $"{store.Folder} cannot be looked into.");
            yield break;
        }
        DateTimeOffset renewal = RenewalTime.Of(stored.Own, stored.RenewAfter, identity.RenewSpread), now = device.Clock.UtcNow;
        yield return OfLife(stored, $"It is renewed from {renewal.ToUniversalTime():yyyy-MM-dd} on.", Enrol, TimeSpan.Zero);
        if (device.Clock.IsKnown && now > renewal + identity.RenewSpread && now < stored.Own.NotAfter)
        {
            yield return Diagnosis.Warn("renewal", $"It was due at {renewal.ToUniversalTime():yyyy-MM-dd HH:mm} UTC and has not come.", "See the check \"cloud\"; the agent's log says what the service answers.");
        }
        if (File.Exists(store.RefusedFile))
        {
            yield return Diagnosis.Warn("refused", "The service has issued a certificate that it then did not accept.", "Look whether all instances of the service trust the same authority.");
        }
        if (OfMode(identity.KeyFile ?? Path.Combine(store.Folder, string.Create(CultureInfo.InvariantCulture, $"{current}.key"))) is { } readable)
        {
            yield return readable;
        }
    }

    private IEnumerable<Diagnosis> OfFiles(string certificate, string key)
    {
        // That the two belong together was tried when the configuration was read.
        yield return OfLife(StoredCertificate.Parse(File.ReadAllText(certificate)), "Others manage it.", $"Put a new certificate into {certificate}: the agent takes it at once.", Soon);
        if (OfMode(key) is { } readable)
        {
            yield return readable;
        }
    }

    private Diagnosis OfLife(StoredCertificate stored, string further, string remedy, TimeSpan soon)
    {
        DateTimeOffset begin = stored.Own.NotBefore, end = stored.Own.NotAfter, now = device.Clock.UtcNow;
        TimeSpan left = end - now;
        string name = DeviceName.Of(stored.Own) is { } who ? $"This is {who}" : "It names no device (urn:edge-agent:device:NAME)";
        string until = $"valid until {end.ToUniversalTime():yyyy-MM-dd HH:mm} UTC";
        if (!device.Clock.IsKnown)
        {
            return Diagnosis.Pass("", $"{name}, {until}. Whether that is over nobody can say before the time is known. {further}");
        }
        return now >= end ? Diagnosis.Fail("", $"{name}; its certificate expired at {end.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.", remedy)
            : now < begin ? Diagnosis.Fail("", $"{name}; its certificate is valid from {begin.ToUniversalTime():yyyy-MM-dd HH:mm} UTC on.", "See the check \"clock\".")
            : left < soon ? Diagnosis.Warn("", $"{name}, {until}: {Duration.Format(TimeSpan.FromHours(Math.Floor(left.TotalHours)))} are left. {further}", remedy)
            : Diagnosis.Pass("", $"{name}, {until}. {further}");
    }

    /// <summary>Whoever can read the key can be this device.</summary>
    private static Diagnosis? OfMode(string key) => FileNode.TryRead(key) is { } node && (node.Mode & Strangers) != 0
        ? Diagnosis.Warn("key", $"Others may read or write {key}.", $"chmod 600 {key}")
        : null;
}
