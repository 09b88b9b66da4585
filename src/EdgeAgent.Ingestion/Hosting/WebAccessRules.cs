using System.Net;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What must hold of <see cref="WebAccessOptions"/>: passwords and tokens never cross a network in the clear.</summary>
internal static class WebAccessRules
{
    public static void Check(IPEndPoint web, WebAccessOptions access, List<ConfigurationProblem> problems)
    {
        bool isLoopback = IPAddress.IsLoopback(web.Address);
        bool hasCertificate = access.CertificateFile is not null || access.KeyFile is not null;
        if (hasCertificate)
        {
            CheckFile("certificateFile", access.CertificateFile, problems);
            CheckFile("keyFile", access.KeyFile, problems);
        }
        if (!isLoopback && !hasCertificate && !access.BehindProxy)
        {
            problems.Add(new(
                "/web", $"{web.Address} can be reached from elsewhere, and passwords would cross the network in the clear.",
                "Set webAccess.certificateFile and keyFile, or put a proxy with TLS before it and set webAccess.behindProxy, or listen on 127.0.0.1."));
        }
        if (access.Reading == WebReading.Open && (!isLoopback || access.BehindProxy))
        {
            problems.Add(new(
                "/webAccess/reading", "Everybody who reaches the page could read everything.", "Set it to \"signed-in\", or listen on 127.0.0.1 without a proxy."));
        }
        if (access.Hosts.Length == 0 && (web.Address.Equals(IPAddress.Any) || web.Address.Equals(IPAddress.IPv6Any)))
        {
            problems.Add(new("/webAccess/hosts", "It is empty.", "Name the hosts by which people reach the page, because it listens on every address."));
        }
        foreach (string unusable in access.Hosts.Where(static name => Uri.CheckHostName(name) == UriHostNameType.Unknown))
        {
            problems.Add(new("/webAccess/hosts", $"\"{unusable}\" cannot name a host.", "Write a DNS name or an address, without scheme and port."));
        }
        CheckRange("sessionLifetime", access.SessionLifetime.TotalMinutes, 1, TimeSpan.FromDays(90).TotalMinutes, "min", problems);
        CheckRange("auditEntries", access.AuditEntries, 100, 10_000_000, "", problems);
    }

    private static void CheckFile(string setting, string? path, List<ConfigurationProblem> problems)
    {
        if (!File.Exists(path))
        {
            problems.Add(new(
                $"/webAccess/{setting}", path is null ? "It is not set." : $"There is no file {path}.", "Certificate and key go together: name a PEM file for each."));
        }
    }

    private static void CheckRange(string setting, double value, double least, double most, string unit, List<ConfigurationProblem> problems)
    {
        if (value < least || value > most)
        {
            problems.Add(new($"/webAccess/{setting}", $"{value} {unit} is out of range.", $"Set it from {least} to {most} {unit}, or leave it out for the default."));
        }
    }
}
