using EdgeAgent.Commands;
using EdgeAgent.Samples;
using EdgeAgent.Samples.Telemetry;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Testing;
using Mosquitto = EdgeAgent.Testing.Mosquitto;

namespace EdgeAgent.EndToEnd.Tests;

public sealed class TelemetryThroughMosquittoTests
{
    private const string User = "agent";
    private const string Password = "correct horse";

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(40);

    [InstalledFact("mosquitto", "mosquitto_pub", "mosquitto_passwd")]
    public async Task All_readings_of_the_office_room_pass_mosquitto_and_are_stored_with_their_times_and_values()
    {
        IReadOnlyList<OfficeRoomRow> rows = OfficeRoomTelemetry.Load();
        await using Cloud cloud = await Cloud.StartAsync();
        await using Mosquitto broker = await Mosquitto.StartAsync(folder => $"""
            {MosquittoSettings.Password(folder, User, Password)}
            cafile {cloud.Certificates}/ca.crt
            certfile {cloud.Certificates}/server.crt
            keyfile {cloud.Certificates}/server.key
            """);
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, $$"""
            "mqtt": [ {
              "broker": "mqtts://localhost:{{broker.Port}}", "clientId": "{{Cloud.Device}}",
              "username": "{{User}}", "password": { "value": "{{Password}}" }, "ca": "{{cloud.Certificates}}/ca.crt",
              "subscribe": [ {{OfficeRoomTelemetry.SingleValueRule}} ]
            } ]
            """);
        await agent.StartAsync();
        MqttBrokerService source = agent.Brokers.Single();
        await Eventually.TrueAsync(() => source.State == BrokerState.Receiving, Enough, () => "the agent has subscribed");

        await PublishAllAsync(rows, cloud, broker.Port);
        await Eventually.TrueAsync(
            () => Count(cloud) >= rows.Count * OfficeRoom.Series.Count, Enough,
            () => $"everything is stored; {Count(cloud)} readings are, {agent.Metrics.ReadingsRead.Sum} were read, and the source is {source.State}");
        await agent.StopAsync();

        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(48_858, rows.Count * OfficeRoom.Series.Count);
        Assert.Equal(OfficeRoomTelemetry.Expected(rows), OfficeRoomTelemetry.Sorted(database.All()));
    }

    [InstalledFact("mosquitto_pub")]
    public async Task All_readings_of_the_office_room_pass_the_intake_and_are_stored_with_their_times_and_values()
    {
        IReadOnlyList<OfficeRoomRow> rows = OfficeRoomTelemetry.Load();
        await using Cloud cloud = await Cloud.StartAsync();
        await using AgentHost agent = AgentSettings.CreateAgent(cloud, $$"""
            "mqtt": [ {
              "listen": "mqtts://127.0.0.1:0", "certificate": "{{cloud.Certificates}}/server.crt", "key": "{{cloud.Certificates}}/server.key",
              "users": [ { "name": "{{User}}", "password": { "value": "{{Password}}" } } ],
              "rules": [ {{OfficeRoomTelemetry.SingleValueRule}} ]
            } ]
            """);
        await agent.StartAsync();
        int port = (await agent.IntakesAsync())[0].Port;

        await PublishAllAsync(rows, cloud, port);
        // Every publish has been acknowledged, so everything is on flash: stopping the agent must bring it to the cloud.
        await agent.StopAsync();

        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(OfficeRoomTelemetry.Expected(rows), OfficeRoomTelemetry.Sorted(database.All()));
    }

    private static async Task PublishAllAsync(IReadOnlyList<OfficeRoomRow> rows, Cloud cloud, int port) =>
        await Task.WhenAll(OfficeRoom.Series.Select(async (series, column) =>
        {
            string lines = cloud.Folder[$"{series.Name}.jsonl"];
            await File.WriteAllLinesAsync(lines, OfficeRoomTelemetry.Lines(rows, column));
            await MosquittoPub.SendLinesAsync(
                port, $"office/{series.Name}", lines, Enough, "--cafile", $"{cloud.Certificates}/ca.crt", "-u", User, "-P", Password, "-V", "mqttv5");
        }));

    private static long Count(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        return database.Count();
    }
}
