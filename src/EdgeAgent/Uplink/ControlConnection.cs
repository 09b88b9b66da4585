namespace EdgeAgent.Uplink;

/// <summary>
/// The connection for everything but readings: configuration, certificates, questions of the service. Apart from that of the uploads, because it is open
/// all the time and must be cheap then, and so that neither waits behind the other's bytes.
/// </summary>
internal sealed class ControlConnection(UplinkConnection connection) : IDisposable
{
    /// <inheritdoc cref="UplinkConnection.Client"/>
    public IngestClient Client() => connection.Client();

    /// <inheritdoc cref="UplinkConnection.Abandon"/>
    public void Abandon(IngestClient dead) => connection.Abandon(dead);

    public void Dispose() => connection.Dispose();
}
