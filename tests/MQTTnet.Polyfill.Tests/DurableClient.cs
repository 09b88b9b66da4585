using MQTTnet.Exceptions;
using MQTTnet.Formatter;

namespace MQTTnet.Polyfill.Tests;

/// <summary>A client with a lasting session that connects again, at once, whenever its connection ends, as programs do.</summary>
internal sealed class DurableClient : IAsyncDisposable
{
    private readonly MqttClientOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _connecting = Task.CompletedTask;
    private volatile bool _isPaused;

    public DurableClient(int port, string clientId, MqttProtocolVersion version)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port).WithClientId(clientId).WithProtocolVersion(version).WithCleanStart(false).WithTimeout(TimeSpan.FromSeconds(5));
        _options = (version == MqttProtocolVersion.V500 ? builder.WithSessionExpiryInterval(3_600) : builder).Build();
        Client = new MqttClientFactory().CreateMqttClient();
        Client.DisconnectedAsync += ended =>
        {
            if (ended.ClientWasConnected && !_isPaused)
            {
                _connecting = ConnectAsync();
            }
            return Task.CompletedTask;
        };
    }

    public IMqttClient Client { get; }

    public Task StartAsync()
    {
        _isPaused = false;
        return _connecting = ConnectAsync();
    }

    /// <summary>Disconnects in order, and stays away until it is started again.</summary>
    public async Task PauseAsync()
    {
        _isPaused = true;
        await Client.DisconnectAsync();
        await _connecting;
    }

    /// <summary>Publishes until the server has answered, the same message object again and again.</summary>
    public async Task PublishAsync(MqttApplicationMessage message)
    {
        while (true)
        {
            try
            {
                if ((await Client.PublishAsync(message)).IsSuccess)
                {
                    return;
                }
            }
            catch (MqttCommunicationException)
            {
                await _connected.Task.InTime();
                // It may not have heard yet that this connection, too, is gone.
                await Task.Delay(1);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isPaused = true;
        await _stopping.CancelAsync();
        await _connecting;
        Client.Dispose();
        _stopping.Dispose();
    }

    private async Task ConnectAsync()
    {
        _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Client.ConnectAsync(_options, _stopping.Token);
                _connected.SetResult();
                return;
            }
            catch (Exception failure) when (failure is MqttCommunicationException or OperationCanceledException)
            {
                // The server is not back yet.
                await Task.Delay(5);
            }
        }
    }
}
