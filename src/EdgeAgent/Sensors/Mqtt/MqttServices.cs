using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Sensors.Mqtt.Mapping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Mqtt;

/// <summary>The MQTT sources, for the host: one hosted service each.</summary>
internal static class MqttServices
{
    public static IServiceCollection AddMqttSources(this IServiceCollection services, AgentConfiguration configuration)
    {
        foreach (MqttBrokerOptions broker in configuration.Brokers)
        {
            services.AddSingleton<IHostedService>(provider => new MqttBrokerService(
                broker,
                CreateWriter(provider, broker, ReadingSource.MqttBroker),
                cancellationToken => StoredDeliveriesReader.ReadAsync(
                    provider.GetRequiredService<SpoolSlot>(), BrokerSession.Of(broker), broker.ReceiveMaximum,
                    provider.GetRequiredService<SeriesCatalog>(), provider.GetRequiredService<ILogger<MqttBrokerService>>(), cancellationToken),
                provider.GetRequiredService<AgentMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<MqttBrokerService>>()));
        }
        foreach (MqttIntakeOptions intake in configuration.Intakes)
        {
            services.AddSingleton<IHostedService>(provider => new MqttIntakeService(
                intake,
                new MqttIntake(
                    intake,
                    CreateWriter(provider, intake, ReadingSource.MqttIntake),
                    provider.GetRequiredService<AgentMetrics>(),
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<MqttIntake>>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<MqttIntakeService>>()));
        }
        return services;
    }

    private static ReadingWriter CreateWriter(IServiceProvider provider, MqttSourceOptions options, ReadingSource source)
    {
        AgentMetrics metrics = provider.GetRequiredService<AgentMetrics>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        var mapping = new MessageMapping(
            options.Rules,
            provider.GetRequiredService<SeriesCatalog>(),
            provider.GetRequiredService<AgentConfiguration>().Device.Labels,
            metrics,
            provider.GetRequiredService<AgentClock>());
        var discards = new DiscardLog(provider.GetRequiredService<ILogger<DiscardLog>>(), time, options.Name);
        return new ReadingWriter(mapping, provider.GetRequiredService<ReadingChannel>(), metrics, discards, source);
    }
}
