using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>Publishes counting numbers to an intake at QoS 1, many in flight, and remembers which were acknowledged. Never sends one twice.</summary>
internal sealed class SteadyPublisher
{
    private readonly List<int> _acknowledged = [];
    private readonly int _port;
    private readonly string _clientId;
    private int _next;

    public SteadyPublisher(int port, int first) => (_port, _next, _clientId) = (port, first, $"publisher-{first}");

    /// <summary>Numbers below this one have been handed to the network.</summary>
    public int Next => Volatile.Read(ref _next);

    public IReadOnlyList<int> Acknowledged
    {
        get
        {
            lock (_acknowledged)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>Publishes until stopped or until the intake is gone.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _port).WithClientId(_clientId).WithProtocolVersion(MqttProtocolVersion.V500).Build(),
            CancellationToken.None);
        const int inFlight = 64;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => PublishAsync(client, stopping)));
        if (client.IsConnected)
        {
            await client.DisconnectAsync(cancellationToken: CancellationToken.None);
        }
    }

    private async Task PublishAsync(IMqttClient client, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                int number = Interlocked.Increment(ref _next) - 1;
                MqttApplicationMessage message = new MqttApplicationMessageBuilder()
                    .WithTopic("counter").WithPayload($"{number}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
                MqttClientPublishResult result = await client.PublishAsync(message, CancellationToken.None);
                if (result.IsSuccess)
                {
                    lock (_acknowledged)
                    {
                        _acknowledged.Add(number);
                    }
                }
            }
        }
        catch (Exception gone) when (gone is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
        {
            // The agent was killed: what is not acknowledged may or may not be stored.
        }
    }
}
