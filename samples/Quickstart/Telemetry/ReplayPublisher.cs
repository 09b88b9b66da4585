using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Samples.Telemetry;

/// <summary>One value that the broker or the intake has acknowledged, and that the database must therefore hold.</summary>
public readonly record struct PublishedReading(string Series, long UnixNanoseconds, double Value);

/// <summary>
/// A device on the local network: replays the office room at a chosen speed-up, one JSON message of six values a minute of data, at QoS 1.
/// The times are those of publishing, so that the page shows something alive.
/// </summary>
public sealed class ReplayPublisher(IReadOnlyList<OfficeRoomRow> rows, double speedUp)
{
    public const string Topic = "building/office/room";

    /// <summary>Publishes in flight at most: what a busy gateway of many devices offers its broker at once.</summary>
    private const int InFlight = 256;

    private readonly List<PublishedReading> _acknowledged = [];
    private long _published;

    /// <summary>Readings whose message has been acknowledged.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>All acknowledged readings. Complete once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<PublishedReading> Acknowledged => _acknowledged;

    /// <summary>Publishes until stopped, beginning anew after the last row, then waits for the outstanding acknowledgements.</summary>
    public async Task RunAsync(int port, CancellationToken stopping)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId("office-room")
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .Build();
        await client.ConnectAsync(options, CancellationToken.None);

        using var window = new SemaphoreSlim(InFlight);
        TimeSpan interval = TimeSpan.FromSeconds(60 / speedUp);
        long started = TimeProvider.System.GetTimestamp();
        for (long row = 0; !stopping.IsCancellationRequested; row++)
        {
            // Against the start and not against the last row, so that the rate holds whatever a publish takes.
            TimeSpan early = (interval * row) - TimeProvider.System.GetElapsedTime(started);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (!stopping.IsCancellationRequested)
            {
                await window.WaitAsync(CancellationToken.None);
                _ = PublishAsync(client, rows[(int)(row % rows.Count)], window);
            }
        }
        for (int outstanding = 0; outstanding < InFlight; outstanding++)
        {
            await window.WaitAsync(CancellationToken.None);
        }
        await client.DisconnectAsync(cancellationToken: CancellationToken.None);
    }

    private async Task PublishAsync(IMqttClient client, OfficeRoomRow row, SemaphoreSlim window)
    {
        try
        {
            long now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
            MqttApplicationMessage message = new MqttApplicationMessageBuilder()
                .WithTopic(Topic)
                .WithPayload(ToJson(now, row))
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build();
            MqttClientPublishResult result = await client.PublishAsync(message);
            if (result.IsSuccess)
            {
                Remember(now, row);
            }
        }
        finally
        {
            window.Release();
        }
    }

    private void Remember(long unixMilliseconds, OfficeRoomRow row)
    {
        lock (_acknowledged)
        {
            for (int column = 0; column < row.Values.Count; column++)
            {
                double value = double.Parse(row.Values[column], CultureInfo.InvariantCulture);
                _acknowledged.Add(new PublishedReading($"office/{OfficeRoom.Series[column].Name}", unixMilliseconds * 1_000_000, value));
            }
        }
        Interlocked.Add(ref _published, row.Values.Count);
    }

    private static string ToJson(long unixMilliseconds, OfficeRoomRow row)
    {
        var json = new StringBuilder(160).Append(CultureInfo.InvariantCulture, $"{{\"at\":{unixMilliseconds}");
        for (int column = 0; column < row.Values.Count; column++)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"{OfficeRoom.Series[column].Name}\":{row.Values[column]}");
        }
        return json.Append('}').ToString();
    }
}
