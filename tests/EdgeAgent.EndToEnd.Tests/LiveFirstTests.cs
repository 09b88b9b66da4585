using System.Buffers;
using System.Diagnostics;
using EdgeAgent.Batching;
using EdgeAgent.Commands;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Samples;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit.Abstractions;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>
/// The line is back after days, and slow. <c>EDGEAGENT_LONG=1</c> drains for a minute at 1 Mbit/s and bounds the freshness, which a loaded machine
/// could not promise.
/// </summary>
public sealed class LiveFirstTests(ITestOutputHelper output)
{
    private const string Sources = """
        "mqtt": [ { "listen": "mqtt://127.0.0.1:0", "rules": [
            { "topic": "counter", "series": "counter" }, { "topic": "door", "series": "door", "lane": "alarm" } ] } ]
        """;

    private const int ReadingsOfRecord = 600;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BatchWindow = TimeSpan.FromMilliseconds(200); // of AgentSettings
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";

    [Fact]
    public async Task While_a_backlog_of_days_drains_over_a_slow_line_live_data_and_alarms_go_first_and_everything_arrives_once_over_a_restart()
    {
        (int rate, int records) = IsLong ? (125_000, 3_500) : (400_000, 900);
        await using Cloud cloud = await Cloud.StartAsync();
        await FillAsync(cloud.Folder["spool"], records);
        await using var line = new SlowLine(cloud.Network.Port, rate);
        var ages = new List<double>();
        int live = 0;
        // Stopped in the middle of it, and gone on with by the next one.
        for (int run = 0; run < 2; run++)
        {
            await using AgentHost agent = AgentSettings.CreateAgent(cloud, Sources, line.Port);
            await agent.StartAsync();
            SpoolQueue backlog = agent.Services.GetRequiredService<SpoolSlot>().Current.Spool[SpoolLane.Backlog];
            AgentMetrics metrics = agent.Services.GetRequiredService<AgentMetrics>();
            using IMqttClient client = await ConnectAsync((await agent.IntakesAsync())[0].Port);
            ulong until = run == 0 ? (ulong)records / 2 : (ulong)records;
            long start = Stopwatch.GetTimestamp();
            long passed = line.Passed;
            int first = live;
            while (backlog.Released < until)
            {
                await PublishAsync(client, "counter", $"{live++}");
                await SampleAsync(metrics, TimeSpan.FromMilliseconds(100), age => ages.Add(live > first + 10 ? age.TotalMilliseconds : 0));
            }
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            output.WriteLine($"run {run}: {(line.Passed - passed) / took.TotalSeconds / rate:p1} of the line for {took.TotalSeconds:f1} s; {live - first} live readings; freshness {Share(ages, 0.5):f0} ms, 99 % below {Share(ages, 0.99):f0} ms, worst {Share(ages, 1):f0} ms");
            if (run == 0)
            {
                await AlarmFirstAsync(client, agent, backlog, (ulong)records);
            }
            await client.DisconnectAsync();
            await agent.StopAsync();
        }
        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(Enumerable.Range(0, records * ReadingsOfRecord).Select(static i => (double)i), database.Numbers("old"));
        Assert.Equal(Enumerable.Range(0, live).Select(static i => (double)i), database.Numbers("counter"));
        Assert.Equal([1d], database.Numbers("door"));
        if (IsLong)
        {
            // Whatever else this machine does in the hundredth.
            Assert.InRange(Share(ages, 0.99), 0, (BatchWindow + TimeSpan.FromSeconds(1)).TotalMilliseconds);
        }
    }

    /// <summary>What so many of them are not above.</summary>
    private static double Share(List<double> ages, double share) => ages.Order().ElementAtOrDefault((int)((ages.Count - 1) * share));

    /// <summary>An alarm is in the cloud while the backlog still waits.</summary>
    private static async Task AlarmFirstAsync(IMqttClient client, AgentHost agent, SpoolQueue backlog, ulong records)
    {
        SpoolQueue alarms = agent.Services.GetRequiredService<SpoolSlot>().Current.Spool[SpoolLane.Alarm];
        await PublishAsync(client, "door", "1");
        await Eventually.TrueAsync(() => alarms.Released == 1, Enough, "the alarm is in the cloud", TimeSpan.FromMilliseconds(2));
        Assert.True(backlog.Released < records, "The backlog was gone before the alarm came.");
    }

    private static async Task SampleAsync(AgentMetrics metrics, TimeSpan time, Action<TimeSpan> take)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            await Task.Delay(10);
            if (metrics.Freshness.Value is { } age)
            {
                take(age);
            }
        }
    }

    private static async Task<IMqttClient> ConnectAsync(int port)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("publisher").WithProtocolVersion(MqttProtocolVersion.V500).Build(),
            CancellationToken.None);
        return client;
    }

    private static async Task PublishAsync(IMqttClient client, string topic, string payload)
    {
        MqttApplicationMessage message = new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        Assert.True((await client.PublishAsync(message, CancellationToken.None)).IsSuccess);
    }

    /// <summary>Days of small records: ten minutes each, a reading a second.</summary>
    private static async Task FillAsync(string path, int records)
    {
        var options = new SpoolOptions { Path = path, FreeSpaceFloor = 0 };
        await using Spool spool = Spool.Open(options, TimeProvider.System, Guid.NewGuid());
        SpoolQueue backlog = spool[SpoolLane.Backlog];
        var encoder = new BatchEncoder();
        for (int record = 0; record < records; record++)
        {
            ulong dictionary = backlog.PrepareAppend(16 * 1024);
            for (int i = record * ReadingsOfRecord; i < (record + 1) * ReadingsOfRecord; i++)
            {
                // Times that no step describes, so that a record has some kilobytes.
                encoder.Add(1, SeriesKind.Number, 1_700_000_000_000_000_000 + (i * 1_000_000_000L) + (i * 7_919L * 7_919 % 900_000_000), i, null, Quality.Good);
            }
            var bytes = new ArrayBufferWriter<byte>();
            encoder.Encode(dictionary, new Names(), BatchCompression.None, bytes);
            backlog.Append(bytes.WrittenSpan, ReadingsOfRecord);
        }
    }

    private sealed class Names : ISeriesDefinitions
    {
        public SeriesDefinition this[uint reference] => new() { Ref = reference, Name = "old", Kind = SeriesKind.Number };
    }
}
