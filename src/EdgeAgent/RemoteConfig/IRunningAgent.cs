using EdgeAgent.Reconfiguration;

namespace EdgeAgent.RemoteConfig;

/// <summary>The agent's inside, as the one who decides on revisions sees it.</summary>
internal interface IRunningAgent
{
    /// <summary>What runs.</summary>
    Layered Current { get; }

    /// <summary>The inside has ended without being told to.</summary>
    bool HasEnded { get; }

    /// <summary>Now; 0 where the device does not know the time.</summary>
    long UnixNanoseconds { get; }

    /// <summary>What it would take to run something else.</summary>
    ReconfigurationNeed NeedFor(Layered next);

    /// <summary>Asks the service at a new place whether it takes this device. Nothing is switched.</summary>
    /// <returns>Why not; null where it does.</returns>
    Task<string?> TryOutAsync(Layered next, CancellationToken cancellationToken);

    /// <summary>Brings something else into force, in the way that it takes. An exception is why that is not possible; what runs then is unknown.</summary>
    Task ChangeAsync(Layered next, CancellationToken cancellationToken);

    /// <summary>The same by ending the inside, in order as far as it can be, and building it anew.</summary>
    Task RebuildAsync(Layered next, CancellationToken cancellationToken);

    /// <summary>What is seen since the last change.</summary>
    /// <param name="limit">How long it is on trial: a sensor that is read more rarely than twice in that time is not judged.</param>
    TrialSample Look(TimeSpan limit);

    /// <summary>Sensors of the present configuration that have not answered since the last change.</summary>
    IReadOnlyList<RevisionError> SilentSensors(TimeSpan limit);
}
