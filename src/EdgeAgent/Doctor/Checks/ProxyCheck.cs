using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Doctor.Checks;

/// <summary>Whether a proxy stands between the device and the cloud, who says so, and whether it lets the agent pass.</summary>
internal sealed class ProxyCheck(ExaminedDevice device) : IDoctorCheck
{
    public string Name => "proxy";

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken)
    {
        if (device.Configuration is not { } configuration)
        {
            return [Diagnosis.Skipped("", "Without a configuration nobody knows of one.")];
        }
        UplinkOptions cloud = configuration.Cloud;
        return await Task.WhenAll(cloud.Endpoints.Select(endpoint => TryAsync(cloud, endpoint, cancellationToken))).ConfigureAwait(false);
    }

    private async Task<Diagnosis> TryAsync(UplinkOptions cloud, Uri endpoint, CancellationToken cancellationToken)
    {
        string place = endpoint.Authority;
        string origin = cloud.Proxy.Source == ProxySource.Configuration ? "the configuration" : "https_proxy of this user's environment";
        try
        {
            if (new ProxyChoice(cloud.Proxy, device.Environment).For(endpoint) is not { } proxy)
            {
                return Diagnosis.Pass(place, cloud.Proxy.Source == ProxySource.None ? "There is none, as the configuration says." : "There is none.");
            }
            // The unit may say otherwise than the shell that this was started from.
            bool isOfUnit = cloud.Proxy.Source == ProxySource.Configuration || device.RunningProcess is null || await UnitHasAsync().ConfigureAwait(false);
            return await Tunnel.TryAsync(device, cloud, proxy, endpoint, cancellationToken).ConfigureAwait(false) is { } failure
                ? Diagnosis.Fail(place, failure, $"Correct the proxy in {origin}, or ask the site's administrator to let {place} pass.")
                : isOfUnit ? Diagnosis.Pass(place, $"{proxy}, named by {origin}, lets it pass.")
                : Diagnosis.Warn(
                    place, $"{proxy} lets it pass, but is named by {origin} alone: the running agent does not know of it.", "Write it into cloud.proxy, or into the unit with Environment=https_proxy=….");
        }
        catch (ConnectFailedException unreadable)
        {
            return Diagnosis.Fail(place, unreadable.Message, $"Correct the proxy in {origin}.");
        }
    }

    private async Task<bool> UnitHasAsync() => await device.UnitAsync().ConfigureAwait(false) is { } unit && (unit.Variable("https_proxy") ?? unit.Variable("HTTPS_PROXY")) is not null;
}
