using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Configuration;
using EdgeAgent.Identity;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent identity show</c>: who the device is, until when, and whom it trusts.</summary>
internal static class IdentityCommand
{
    public static Command Create() => new("identity", "Look at the device's certificate.") { CreateShow() };

    private static Command CreateShow()
    {
        Option<string> file = ConfigurationOption.Create();
        var command = new Command("show", "Show who the device is, until when, and whom it trusts. The agent may be running.") { file };
        command.SetAction(parsed =>
        {
            if (!ConfigurationOption.TryRead(parsed, file, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            return CommandOutcome.Run(parsed, () =>
            {
                TextWriter output = parsed.InvocationConfiguration.Output;
                if (configuration.Identity is not { } identity)
                {
                    Print(output, "certificate", StoredCertificate.Parse(File.ReadAllText(configuration.Cloud.CertificateFile!)));
                    output.WriteLine("managed by       others: the configuration names the files");
                    return ExitCode.Success;
                }
                return Show(output, identity, configuration.Cloud.Identity!);
            });
        });
        return command;
    }

    private static int Show(TextWriter output, IdentityOptions identity, IdentityStore store)
    {
        int current = store.Current;
        if (store.Read(current) is { } stored)
        {
            Print(output, "certificate", stored);
            output.WriteLine($"renewal          {Time(RenewalTime.Of(stored.Own, stored.RenewAfter, identity.RenewSpread))}");
        }
        else
        {
            output.WriteLine("certificate      none: this device is not enrolled");
        }
        output.WriteLine($"pending          {Pending(store, current)}");
        if (File.Exists(store.RefusedFile))
        {
            Print(output, "refused", StoredCertificate.Parse(File.ReadAllText(store.RefusedFile)));
        }
        foreach (X509Certificate2 root in store.ReadRoots())
        {
            output.WriteLine($"root             {root.Subject}, until {Time(root.NotAfter)}, SHA-256 {Fingerprint(root)}");
        }
        output.WriteLine($"folder           {store.Folder}");
        return current > 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Pending(IdentityStore store, int current) =>
        store.Read(current + 1) is { } candidate ? $"a certificate valid until {Time(candidate.Own.NotAfter)}, which is tried beside the present one"
        : store.HasRequest(current + 1) ? "a certificate was asked for, and has not come"
        : store.HighestBelow(current) > 0 ? "the certificate before is kept until the service has confirmed readings"
        : "nothing";

    private static void Print(TextWriter output, string what, StoredCertificate stored)
    {
        output.WriteLine($"{what,-17}{DeviceName.Of(stored.Own) ?? "names no device"}");
        output.WriteLine($"  valid          {Time(stored.Own.NotBefore)} to {Time(stored.Own.NotAfter)}");
        output.WriteLine($"  issued by      {stored.Own.Issuer}");
        output.WriteLine($"  SHA-256        {Fingerprint(stored.Own)}");
    }

    private static string Time(DateTimeOffset time) => $"{time.ToUniversalTime():yyyy-MM-dd HH:mm} UTC";

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
