using EdgeAgent.Commands;
using EdgeAgent.Configuration;
using EdgeAgent.Samples;
using EdgeAgent.Testing;
using EdgeAgent.Uplink.Budget;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>A line whose bytes are paid for, with a real service at its end.</summary>
public sealed class TrafficBudgetTests
{
    private const string Sources = """
        "budget": { "perDay": "96KiB", "backlogShare": 100, "timeZone": "UTC" },
        "mqtt": [ { "listen": "mqtt://127.0.0.1:0", "rules": [
            { "topic": "counter", "series": "counter" }, { "topic": "door", "series": "door", "lane": "alarm" } ] } ]
        """;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task When_the_days_bytes_are_used_only_alarms_pass_and_the_next_day_brings_the_rest_once()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        var time = new LeapingTime();
        await using AgentHost agent = Create(cloud, time);
        await agent.StartAsync();
        int port = (await agent.IntakesAsync())[0].Port;
        TrafficBudget budget = agent.Services.GetRequiredService<TrafficBudget>();
        var publisher = new SteadyPublisher(port, 0);
        using var stop = new CancellationTokenSource();
        Task publishing = publisher.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => budget.Status().Live.Cause == HoldCause.DayUsed, Enough, () => $"the day is used: {budget.Status()}");
        int before = publisher.Acknowledged.Count;
        await Eventually.TrueAsync(() => publisher.Acknowledged.Count > before + 200, Enough, "readings are taken all the same");
        await stop.CancelAsync();
        await publishing;

        // An alarm passes, and nothing else with it.
        using StoredReadings database = cloud.OpenDatabase();
        using IMqttClient door = await ConnectAsync(port);
        await PublishAsync(door, "1");
        await Eventually.TrueAsync(() => database.Numbers("door").Any(), Enough, "the alarm is stored");
        Assert.True(database.Numbers("counter").Count() < publisher.Acknowledged.Count);
        Assert.InRange(budget.Status().Day.Bytes, 96 * 1024, 160 * 1024);

        // The next day. Who waits looks again when something passes.
        time.Leap(TimeSpan.FromHours(25));
        await PublishAsync(door, "2");
        await Eventually.TrueAsync(
            () => database.Numbers("counter").Count() >= publisher.Acknowledged.Count, Enough, () => $"the rest is stored: {budget.Status()}");
        await agent.StopAsync();
        Assert.Equal(publisher.Acknowledged.Order(), database.Numbers("counter").Select(static value => (int)value).Order());
        Assert.Equal([1, 2], database.Numbers("door"));
    }

    private static AgentHost Create(Cloud cloud, TimeProvider time) =>
        AgentConfiguration.TryReadFile(AgentSettings.Write(cloud, Sources), out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors)
            ? AgentHost.Create(configuration, time)
            : throw new QuickstartException(string.Join('\n', errors));

    private static async Task<IMqttClient> ConnectAsync(int port)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("door").Build(), CancellationToken.None);
        return client;
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string value) => client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic("door").WithPayload(value).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
        CancellationToken.None);
}
