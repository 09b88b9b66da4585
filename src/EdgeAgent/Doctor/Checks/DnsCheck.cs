using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether every name that the agent needs has an address here, from whom, and how long that takes.</summary>
internal sealed class DnsCheck(ExaminedDevice device) : IDoctorCheck
{
    /// <summary>The resolver asks its second server after 5 s: beyond that each connection waits for one that does not answer.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public string Name => "dns";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. Hosts().Where(host => !IPAddress.TryParse(host, out _)).Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Length == 0
            ? [Diagnosis.Skipped("", "Nothing is reached by a name.")]
            : await Task.WhenAll(names.Select(name => LookUpAsync(name, cancellationToken))).ConfigureAwait(false);
    }

    private IEnumerable<string> Hosts()
    {
        if (device.Configuration is not { } configuration)
        {
            yield break;
        }
        var proxies = new ProxyChoice(configuration.Cloud.Proxy, device.Environment);
        foreach (Uri endpoint in configuration.Cloud.Endpoints)
        {
            // Behind a proxy it is the proxy that looks the service up.
            yield return TryFind(proxies, endpoint)?.Url.IdnHost ?? endpoint.IdnHost;
        }
        foreach (MqttBrokerOptions broker in configuration.Brokers)
        {
            yield return broker.Address.IdnHost;
        }
    }

    /// <summary>A proxy that cannot be read is told of by the check of proxies.</summary>
    private static ProxyAddress? TryFind(ProxyChoice proxies, Uri endpoint)
    {
        try
        {
            return proxies.For(endpoint);
        }
        catch (ConnectFailedException)
        {
            return null;
        }
    }

    private async Task<Diagnosis> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        long started = device.Time.GetTimestamp();
        try
        {
            IPAddress[] addresses = await device.Names(name, cancellationToken).ConfigureAwait(false);
            TimeSpan took = device.Time.GetElapsedTime(started);
            string seen = string.Create(
                CultureInfo.InvariantCulture, $"{string.Join(", ", addresses.Take(4).Select(address => address.ToString()))} within {took.TotalMilliseconds:f0} ms{Servers()}.");
            return addresses.Length == 0 ? Diagnosis.Fail(name, "The name has no address.", "Correct the name.")
                : took > Slow ? Diagnosis.Warn(name, seen, "The first resolver of /etc/resolv.conf does not answer: name one that does.")
                : Diagnosis.Pass(name, seen);
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.TryAgain
                ? Diagnosis.Fail(name, $"The resolver does not answer{Servers()}: {failure.Message}.", "Look at the line, then at /etc/resolv.conf (resolvectl status).")
                : Diagnosis.Fail(name, $"The resolver knows no address of it{Servers()}: {failure.Message}.", "Correct the name, or ask the site's administrator which resolver knows it.");
        }
    }

    private string Servers()
    {
        string[] servers = [.. (KernelText.TryRead(device.Root.At("/etc/resolv.conf")) ?? "").Split('\n').Where(line => line.StartsWith("nameserver ", StringComparison.Ordinal))
            .Select(line => line["nameserver ".Length..].Trim())];
        return servers.Length > 0 ? $", asked of {string.Join(", ", servers)}" : "";
    }
}
