namespace EdgeAgent.RemoteConfig;

/// <summary>What the cloud may configure, and how it has to prove itself. Section <c>remote</c> of the device's own file.</summary>
internal sealed class RemoteOptions
{
    /// <summary>
    /// Whether the service is asked for revisions of the configuration. Default true: a service that has none costs a connection that is silent.
    /// </summary>
    public bool Watch { get; init; } = true;

    /// <summary>
    /// Whether a revision that is marked so may change where the cloud is. Default true: it is tried out before anything is switched, and goes back by itself.
    /// </summary>
    public bool Bootstrap { get; init; } = true;

    /// <summary>
    /// How long a revision may take to earn a receipt, where it does not say. Default 5 min: a sensor that is read each minute has answered by then, a line
    /// that broke has been tried again for as long as <c>cloud.backoffLast</c>, and a device with a wrong configuration is back before a person is on the way.
    /// </summary>
    public TimeSpan Trial { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bounds of <see cref="Trial"/>, and of what a revision may ask: a session takes seconds, and nobody waits for more than an hour to be told.</summary>
    public static readonly TimeSpan ShortestTrial = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="ShortestTrial"/>
    public static readonly TimeSpan LongestTrial = TimeSpan.FromHours(1);
}
