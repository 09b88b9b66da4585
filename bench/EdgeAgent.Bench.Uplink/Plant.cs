using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeAgent.Bench.Uplink;

/// <summary>A hundred machines that publish their values to the agent's intake: slow changes, two digits behind the point.</summary>
internal sealed class Plant(int port) : IDisposable
{
    private const int Machines = 100;
    private const int InFlight = 1_024;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly int[,] _hundredths = new int[Machines, Site.ValuesPerMessage];
    private readonly Random _random = new(1);
    private int _published;

    public Task ConnectAsync() =>
        _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("plant").Build(), CancellationToken.None);

    /// <summary>Publishes so many readings and returns when all are acknowledged, thus on disk.</summary>
    public Task PublishAsync(int readings)
    {
        int messages = readings / Site.ValuesPerMessage;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(InFlight, messages)).Select(_ => PublishUntilAsync(messages)));
    }

    /// <summary>One message.</summary>
    public async Task PublishOneAsync()
    {
        (string topic, byte[] payload) = Next();
        MqttClientPublishResult result = await _client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            CancellationToken.None);
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException($"The intake refused a message: {result.ReasonCode}.");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task PublishUntilAsync(int messages)
    {
        while (Interlocked.Increment(ref _published) <= messages)
        {
            await PublishOneAsync();
        }
    }

    private (string Topic, byte[] Payload) Next()
    {
        lock (_random)
        {
            int machine = _random.Next(Machines);
            var json = new StringBuilder("[");
            for (int i = 0; i < Site.ValuesPerMessage; i++)
            {
                int value = _hundredths[machine, i] += _random.Next(-2, 3);
                json.Append(i == 0 ? "" : ",").Append((2_000 + value) / 100.0m);
            }
            return (string.Create(CultureInfo.InvariantCulture, $"machine/{machine}"), Encoding.UTF8.GetBytes(json.Append(']').ToString()));
        }
    }
}
