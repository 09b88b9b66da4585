using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.RemoteSession.Requests;
using EdgeAgent.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.RemoteSession;

/// <summary>What the service may ask, for the host.</summary>
internal static class RemoteSessionServices
{
    /// <summary>After everything that can be asked for, so that nothing is asked any more when that stops.</summary>
    public static IServiceCollection AddRemoteSession(this IServiceCollection services, AgentConfiguration configuration)
    {
        services.AddSingleton<RestartWish>().AddSingleton<StatusSource>();
        return configuration.Allowed.IsNothing ? services : services
            .AddSingleton(configuration.Allowed)
            .AddSingleton<IRequestHandler, ReadRequest>()
            .AddSingleton<IRequestHandler, StatusRequest>()
            .AddSingleton<IRequestHandler, SpoolRequest>()
            .AddSingleton<IRequestHandler, LogRequest>()
            .AddSingleton<IRequestHandler, LogLevelRequest>()
            .AddSingleton<IRequestHandler, RestartRequest>()
            .AddSingleton<IRequestHandler, OutputRequest>()
            .AddSingleton<RequestDesk>()
            .AddSingleton<SessionService>()
            .AddHostedService(static provider => provider.GetRequiredService<SessionService>());
    }
}
