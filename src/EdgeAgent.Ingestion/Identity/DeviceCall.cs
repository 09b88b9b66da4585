namespace EdgeAgent.Ingestion.Identity;

/// <summary>A call of a device that has been let in.</summary>
/// <param name="device">Its name.</param>
/// <param name="ended">See <see cref="Ended"/>.</param>
internal sealed class DeviceCall(string device, CancellationToken ended) : IDisposable
{
    public string Device => device;

    /// <summary>The caller has gone, or may not call any more: it was revoked, or put into quarantine.</summary>
    public CancellationToken Ended => ended;

    public void Dispose()
    {
    }
}
