using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeAgent.Doctor.Drills;

/// <summary>Publishes numbered messages to a drill's agent at QoS 1, many in flight, and remembers which were acknowledged. Never sends one twice.</summary>
/// <param name="port">The intake.</param>
/// <param name="first">The number of the first message.</param>
/// <param name="load">What is published.</param>
/// <param name="time">The clock.</param>
internal sealed class DrillPublisher(int port, int first, DrillLoad load, TimeProvider time) : IDisposable
{
    private const int InFlight = 64;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (DateTimeOffset Sent, DateTimeOffset Acknowledged)> _acknowledged = [];
    private int _next = first;

    /// <summary>Numbers below this one have been handed to the network.</summary>
    public int Next => Volatile.Read(ref _next);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged.Count;
            }
        }
    }

    /// <summary>Those that were acknowledged, and between which instants the agent took them. To be asked for when it has ended.</summary>
    public IReadOnlyDictionary<int, (DateTimeOffset Sent, DateTimeOffset Acknowledged)> Acknowledged => _acknowledged;

    /// <returns>False where nobody listens there yet.</returns>
    public async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            MqttClientOptions options = new MqttClientOptionsBuilder()
                .WithTcpServer("127.0.0.1", port).WithClientId($"drill-{Guid.NewGuid():N}"[..20]).WithProtocolVersion(MqttProtocolVersion.V500).Build();
            return (await _client.ConnectAsync(options, cancellationToken).ConfigureAwait(false)).ResultCode == MqttClientConnectResultCode.Success;
        }
        catch (MqttCommunicationException)
        {
            return false;
        }
    }

    /// <summary>Publishes until it is stopped or the agent is gone.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => PublishAsync(stopping))).ConfigureAwait(false);
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task PublishAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                int number = Interlocked.Increment(ref _next) - 1;
                MqttApplicationMessage message = new MqttApplicationMessageBuilder()
                    .WithTopic(DrillSandbox.Topic).WithPayload(Encoding.UTF8.GetBytes(DrillMessage.Of(number, load.Length)))
                    .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
                DateTimeOffset sent = time.GetUtcNow();
                // A message that is on its way is waited for, or nobody would know whether the agent answers for it.
                MqttClientPublishResult result = await _client.PublishAsync(message, CancellationToken.None).ConfigureAwait(false);
                if (result.IsSuccess)
                {
                    lock (_gate)
                    {
                        _acknowledged.Add(number, (sent, time.GetUtcNow()));
                    }
                }
                await Task.Delay(load.Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception gone) when (gone is MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
        {
            // The agent was killed: what is not acknowledged may or may not be in the spool.
        }
    }
}
