using System.Net;
using System.Security.Cryptography;
using EdgeAgent.Diagnostics;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Doctor.Checks;

/// <summary>A tunnel through a proxy to an endpoint, which nothing is sent through.</summary>
internal static class Tunnel
{
    /// <returns>Why there is none; null where it opened.</returns>
    public static async Task<string?> TryAsync(ExaminedDevice device, UplinkOptions cloud, ProxyAddress proxy, Uri endpoint, CancellationToken cancellationToken)
    {
        using var metrics = new AgentMetrics();
        var dialer = new Dialer(device.Names, metrics, device.Time);
        using var limit = new CancellationTokenSource(cloud.ConnectTimeout, device.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            IReadOnlyList<IPAddress> addresses = await dialer.ResolveAsync(proxy.Url.IdnHost, either.Token).ConfigureAwait(false);
            await using Stream line = await dialer.ConnectAsync($"the proxy {proxy.Url.IdnHost}", addresses, proxy.Url.Port, either.Token).ConfigureAwait(false);
            if (proxy.Url.Scheme == Uri.UriSchemeHttps)
            {
                UplinkOptions nobody = cloud.WithoutDevice();
                var tls = new ServiceTls(new DeviceCredentials(nobody), nobody, new CertificateTimes(device.Clock, device.Time));
                await using Stream secured = await tls.WithProxyAsync(line, proxy, either.Token).ConfigureAwait(false);
                await ProxyTunnel.OpenAsync(secured, proxy, endpoint, either.Token).ConfigureAwait(false);
            }
            else
            {
                await ProxyTunnel.OpenAsync(line, proxy, endpoint, either.Token).ConfigureAwait(false);
            }
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return $"The proxy {proxy} does not answer.";
        }
    }
}
