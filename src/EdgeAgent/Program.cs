using System.CommandLine;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.RemoteSession;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Sampling;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;
using Microsoft.Extensions.DependencyInjection;

RootCommand root = new("Takes readings from sensors, keeps them through outages, and brings them to the cloud.")
{
    RunCommand.Create(),
    ConfigCommand.Create(),
    EnrollCommand.Create(),
    IdentityCommand.Create(),
    ScanCommand.Create(),
    ReadCommand.Create(),
    SpoolCommand.Create(),
    StatusCommand.Create(),
    DoctorCommand.Create(),
    DrillCommand.Create(),
    UpdateCommand.Create(),
    VersionCommand.Create(),
};
// The host stops itself, in its own order and time: the command line must not end the process under it.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

/// <summary>The stages of the agent, sink first: the host stops them in reverse, so that each drains into the next.</summary>
internal static class Stages
{
    public static IServiceCollection AddAgent(this IServiceCollection services, AgentConfiguration configuration, TimeProvider time) => services
        .AddAgentCore(configuration, time)
        .AddClockKeeper()
        .AddSpool(configuration.Spool, configuration.Batch.Compression)
        .AddTraffic(configuration.Budget)
        .AddIdentity(configuration.Identity)
        .AddUplink(configuration.Cloud)
        .AddBatching(configuration.Batch, configuration.Flash)
        .AddMqttSources()
        .AddI2cSensors(configuration)
        .AddGpio()
        .AddKernelSensors()
        .AddHostHealth()
        .AddSampling()
        .AddRemoteSession(configuration);
}
