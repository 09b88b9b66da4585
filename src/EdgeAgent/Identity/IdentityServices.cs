using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Uplink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Identity;

/// <summary>The device's own identity, for the host.</summary>
internal static class IdentityServices
{
    /// <summary>Adds what enrols the device and renews its certificate; nothing where others manage it. Needs the uplink, and stops after it.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IdentityOptions? options) => options is null ? services : services
        .AddSingleton(options)
        .AddSingleton<Func<UplinkOptions, UplinkConnection>>(static provider => uplink => UplinkServices.Connection(provider, uplink))
        .AddSingleton<IdentityProbe>()
        .AddSingleton(static provider => new IdentityKeeper(
            provider.GetRequiredService<IdentityOptions>(),
            provider.GetRequiredService<UplinkOptions>(),
            provider.GetRequiredService<UplinkConnection>(),
            provider.GetRequiredService<ControlConnection>(),
            provider.GetRequiredService<Func<UplinkOptions, UplinkConnection>>(),
            provider.GetRequiredService<IdentityProbe>(),
            () => IsRefused(provider.GetRequiredService<UplinkService>()),
            provider.GetRequiredService<AgentClock>(),
            provider.GetRequiredService<AgentMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared,
            provider.GetRequiredService<ILogger<IdentityKeeper>>()))
        .AddHostedService(static provider => provider.GetRequiredService<IdentityKeeper>());

    private static bool IsRefused(UplinkService uplink) =>
        uplink.Alarm.State == UploadState.Refused || uplink.Live.State == UploadState.Refused || uplink.Backlog.State == UploadState.Refused;
}
