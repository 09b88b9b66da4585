using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Tests.Requests;

/// <summary>The device's end of a session, which does what a test says.</summary>
internal sealed class DeviceDouble : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AsyncDuplexStreamingCall<DeviceMessage, ServiceMessage> _call;

    private DeviceDouble(AsyncDuplexStreamingCall<DeviceMessage, ServiceMessage> call) => _call = call;

    public static async Task<DeviceDouble> ConnectAsync(RunningService service, string device)
    {
        var connected = new DeviceDouble(new Remote.RemoteClient(service.Channel(device)).Session());
        await connected.SendAsync(new DeviceMessage { Hello = new SessionHello { AgentVersion = "1.0", Allowed = { "read", "status" } } });
        await connected._call.ResponseHeadersAsync.WaitAsync(Patience);
        return connected;
    }

    /// <summary>Without a hello.</summary>
    public static DeviceDouble Mute(RunningService service, string device) => new(new Remote.RemoteClient(service.Channel(device)).Session());

    public Task SendAsync(DeviceMessage message) => _call.RequestStream.WriteAsync(message).WaitAsync(Patience);

    public Task AnswerAsync(ulong id, string message = "", RemoteOutcome outcome = RemoteOutcome.Done) =>
        SendAsync(new DeviceMessage { Answer = new RemoteAnswer { Id = id, Outcome = outcome, Message = message } });

    public async Task<RemoteRequest> NextAsync()
    {
        Assert.True(await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        return _call.ResponseStream.Current.Request;
    }

    /// <summary>Whether the service asks nothing more while something else is done.</summary>
    public Task<bool> More() => _call.ResponseStream.MoveNext(CancellationToken.None);

    /// <returns>The status that the service ends with, whatever it asks before.</returns>
    public async Task<StatusCode> EndAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
            {
            }
            return StatusCode.OK;
        }
        catch (RpcException ended)
        {
            return ended.StatusCode;
        }
    }

    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    public void Dispose() => _call.Dispose();
}
