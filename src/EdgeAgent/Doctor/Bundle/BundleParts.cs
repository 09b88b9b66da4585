using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Diagnostics;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Identity;
using EdgeAgent.LocalStatus;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Bundle;

/// <summary>One file of a bundle.</summary>
/// <param name="Name">Its name in the archive.</param>
/// <param name="ReadAsync">What is in it, before secrets are taken out.</param>
internal sealed record BundlePart(string Name, Func<CancellationToken, Task<string>> ReadAsync);

/// <summary>What somebody far away needs to understand a device: all of it texts.</summary>
internal static class BundleParts
{
    private const string LogLines = "2000";

    public static IReadOnlyList<BundlePart> Of(ExaminedDevice device, IReadOnlyList<CheckReport> reports) =>
    [
        new("doctor.txt", _ => Task.FromResult(Table(reports))),
        new("doctor.json", _ => Task.FromResult(DoctorOutput.ToJson(reports, AgentVersion.Value))),
        new("version.txt", _ => Task.FromResult(
            $"edge-agent {AgentVersion.Value}\n.NET {Environment.Version}\n{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}\nwritten {device.Time.GetUtcNow():u}\n")),
        new("configuration.json", _ => Task.FromResult(device.Document is { } document ? ConfigText.Of(document) : string.Join('\n', device.Errors))),
        new("revisions.json", _ => Task.FromResult(ConfigHistoryCommand.ToJson(device.Revisions))),
        new("spool.json", _ => Task.FromResult(SpoolStatCommand.ToJson(device.Known.Spool.Path, device.Configuration?.Spool))),
        new("status.json", cancellationToken => StatusAsync(device, cancellationToken)),
        new("journal.txt", cancellationToken => OutputAsync(device, cancellationToken, ("journalctl", ["-u", UnitSettings.Unit, "-n", LogLines, "-o", "short-iso", "--no-pager"]))),
        new("unit.txt", cancellationToken => OutputAsync(
            device, cancellationToken, ("systemctl", ["cat", UnitSettings.Unit, "--no-pager"]), ("systemctl", ["status", UnitSettings.Unit, "--no-pager", "--lines=0"]))),
        new("disk.txt", cancellationToken => OutputAsync(device, cancellationToken, ("df", ["-h"]), ("df", ["-i"]))),
        new("network.txt", cancellationToken => OutputAsync(device, cancellationToken, ("ip", ["-brief", "address"]), ("ip", ["route"]), ("cat", ["/etc/resolv.conf"]))),
        new("kernel.txt", _ => Task.FromResult(Files(
            device, "/proc/version", "/proc/device-tree/model", "/etc/os-release", "/proc/uptime", "/proc/loadavg", "/proc/meminfo", "/proc/self/mountinfo", "/proc/modules"))),
        new("certificate.pem", _ => Task.FromResult(Certificate(device))),
    ];

    private static string Table(IReadOnlyList<CheckReport> reports)
    {
        using var text = new StringWriter();
        DoctorOutput.Print(text, reports, isColoured: false);
        return text.ToString();
    }

    private static async Task<string> StatusAsync(ExaminedDevice device, CancellationToken cancellationToken)
    {
        string socket = StatusClient.SocketOf(device.Configuration);
        try
        {
            using JsonDocument status = await StatusClient.ReadAsync(socket, cancellationToken).ConfigureAwait(false);
            return status.RootElement.GetRawText();
        }
        catch (Exception nobody) when (nobody is HttpRequestException or TimeoutException or JsonException)
        {
            throw new IOException($"No agent answers at {socket}: {nobody.Message}", nobody);
        }
    }

    private static async Task<string> OutputAsync(ExaminedDevice device, CancellationToken cancellationToken, params (string Program, string[] Arguments)[] calls)
    {
        var text = new StringBuilder();
        foreach ((string program, string[] arguments) in calls)
        {
            string? output = await device.Programs(program, arguments, cancellationToken).ConfigureAwait(false);
            text.Append("$ ").Append(program).Append(' ').AppendJoin(' ', arguments).Append('\n').Append(output ?? "It gave no answer: it is not there, or this user may not ask.").Append('\n');
        }
        return text.ToString();
    }

    private static string Files(ExaminedDevice device, params string[] paths)
    {
        var text = new StringBuilder();
        foreach (string path in paths)
        {
            text.Append("# ").Append(path).Append('\n').Append(KernelText.TryRead(device.Root.At(path)) ?? "(cannot be read)").Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Of the device's certificate the public part, as everybody sees it who connects.</summary>
    private static string Certificate(ExaminedDevice device)
    {
        StoredCertificate? stored = device.Configuration switch
        {
            { Cloud.Identity: { } store } => store.Read(store.Current),
            { Cloud.CertificateFile: { } file } => StoredCertificate.Parse(File.ReadAllText(file)),
            _ => null,
        };
        return stored is null ? "This device has no certificate.\n" : string.Concat(stored.Chain.Select(one =>
            $"{one.Subject}\nissued by {one.Issuer}\nvalid {one.NotBefore.ToUniversalTime():u} to {one.NotAfter.ToUniversalTime():u}\n"
            + $"SHA-256 {one.GetCertHashString(HashAlgorithmName.SHA256)}\n{one.ExportCertificatePem()}\n"));
    }
}
