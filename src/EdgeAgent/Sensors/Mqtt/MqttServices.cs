using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Readings;
using EdgeAgent.Reconfiguration;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Sensors.Mqtt.Mapping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Mqtt;

/// <summary>The MQTT sources, for the host: a service for each entry.</summary>
internal static class MqttServices
{
    public static IServiceCollection AddMqttSources(this IServiceCollection services) => services
        .AddSingleton<BrokerSessions>()
        .AddEntryServices<MqttBrokerOptions, MqttBrokerService>(
            static configuration => configuration.Brokers.Select(broker => new Entry<MqttBrokerOptions>(configuration.IdentityOf(broker.Source), broker)),
            CreateBroker)
        // What is published is mapped by whatever rules there are: other rules need no other listener.
        .AddEntryServices<MqttIntakeOptions, MqttIntakeService>(
            static configuration => configuration.Intakes.Select(intake => new Entry<MqttIntakeOptions>(intake.Listener, intake)),
            CreateIntake,
            static (provider, running, options, configuration) => running.Use(Rules(provider, options, configuration)));

    private static MqttBrokerService CreateBroker(IServiceProvider provider, MqttBrokerOptions broker, AgentConfiguration configuration) => new(
        broker,
        CreateWriter(provider, broker, configuration, ReadingSource.MqttBroker),
        cancellationToken => StoredDeliveriesReader.ReadAsync(
            provider.GetRequiredService<SpoolSlot>(), BrokerSession.Of(broker), broker.ReceiveMaximum,
            provider.GetRequiredService<SeriesCatalog>(), provider.GetRequiredService<ILogger<MqttBrokerService>>(), cancellationToken),
        provider.GetRequiredService<BrokerSessions>(),
        provider.GetRequiredService<AgentMetrics>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<MqttBrokerService>>());

    private static MqttIntakeService CreateIntake(IServiceProvider provider, MqttIntakeOptions intake, AgentConfiguration configuration) => new(
        intake,
        new MqttIntake(
            intake,
            Rules(provider, intake, configuration),
            provider.GetRequiredService<AgentMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MqttIntake>>()),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<MqttIntakeService>>());

    private static IntakeRules Rules(IServiceProvider provider, MqttIntakeOptions options, AgentConfiguration configuration) => new(
        configuration.IdentityOf(options.Source), options.TakeRetained, () => CreateWriter(provider, options, configuration, ReadingSource.MqttIntake));

    private static ReadingWriter CreateWriter(IServiceProvider provider, MqttSourceOptions options, AgentConfiguration configuration, ReadingSource source)
    {
        AgentMetrics metrics = provider.GetRequiredService<AgentMetrics>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        var mapping = new MessageMapping(
            options.Rules, provider.GetRequiredService<SeriesCatalog>(), configuration.Device.Labels, metrics, provider.GetRequiredService<AgentClock>());
        var discards = new DiscardLog(provider.GetRequiredService<ILogger<DiscardLog>>(), time, options.Name);
        return new ReadingWriter(mapping, provider.GetRequiredService<ReadingChannel>(), metrics, discards, source);
    }
}
