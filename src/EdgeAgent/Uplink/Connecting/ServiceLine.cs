using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// One connection to one endpoint with one set of credentials, made with the first call and made again where it broke or was idle. When
/// any of these is to change, another line takes its place.
/// </summary>
internal sealed class ServiceLine : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AnswerCheck _answers;
    private readonly CallsUnderWay _calls = new();
    private readonly LineAge _age;

    /// <param name="number">Ascending with each line.</param>
    /// <param name="connector">Connects to the endpoint.</param>
    /// <param name="credentials">What the device shows, and trusts.</param>
    /// <param name="options">The limits.</param>
    /// <param name="age">When it is followed by another.</param>
    public ServiceLine(long number, ServiceConnector connector, DeviceCredentials credentials, UplinkOptions options, LineAge age)
    {
        Endpoint = connector.Endpoint;
        _age = age;
        string? authority = options.ServerName is { } name ? new UriBuilder(Endpoint) { Host = name }.Uri.Authority : null;
        _answers = new AnswerCheck(connector, authority, new SocketsHttpHandler
        {
            // It connects by itself, through a proxy too.
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                Stream connected = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
                age.Connected();
                return connected;
            },
            ConnectTimeout = options.ConnectTimeout,
            // A proxy's redirect must not take the device, with its certificate, to another host.
            AllowAutoRedirect = false,
            // While a session is open a silent line is probed; an idle connection is left alone until it is closed, since pings would cost
            // more than the handshake that they save.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAlive,
            PooledConnectionIdleTimeout = options.ConnectionIdle,
        });
        _channel = GrpcChannel.ForAddress(Endpoint, new GrpcChannelOptions { HttpHandler = _answers, DisposeHttpClient = true });
        Client = new IngestClient(_channel.CreateCallInvoker().Intercept(_calls), number, credentials);
    }

    public Uri Endpoint { get; }

    public IngestClient Client { get; }

    /// <inheritdoc cref="AnswerCheck.HasFailed"/>
    public bool HasFailed => _answers.HasFailed;

    public bool HasCalls => _calls.Count > 0;

    /// <summary>
    /// It is old, and no session is under way, or it has waited long enough for such a moment: two sessions of a lane that go to two instances
    /// of the service make the second one wait for the first.
    /// </summary>
    public bool IsDue => _age.IsOverdue || (_age.IsOver && !HasCalls);

    /// <summary>Ends its calls and closes its connection.</summary>
    public void Dispose() => _channel.Dispose();
}
