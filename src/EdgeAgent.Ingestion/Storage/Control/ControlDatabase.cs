namespace EdgeAgent.Ingestion.Storage.Control;

/// <summary>
/// What people decide about devices, and what devices say of it: certificates, tokens, configurations, rollouts, requests. Small, rarely written, and apart
/// from the readings, whose writer holds its lock through every commit. All instances of the service share it, and programs beside them.
/// </summary>
/// <remarks>
/// SQL is what SQLite and PostgreSQL both read: types TEXT, BIGINT, BYTEA and DOUBLE PRECISION; parameters by name; INSERT … ON CONFLICT; no RETURNING, no
/// generated keys (changes come one after the other, so that MAX + 1 is free); instants in nanoseconds since 1970.
/// </remarks>
internal abstract class ControlDatabase : IAsyncDisposable
{
    /// <summary>
    /// Something has been changed, by this instance or another one: within a second. On any thread, once for one or several changes; whoever listens does no
    /// more than note it.
    /// </summary>
    public event Action? Changed;

    /// <summary>Reads in one snapshot.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read.</exception>
    public abstract T Read<T>(Func<ControlSession, T> read);

    /// <summary>Runs one transaction, after all others. It is durable when this returns. What throws in it leaves no trace.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public abstract T Change<T>(Func<ControlSession, T> change);

    /// <inheritdoc cref="Change{T}"/>
    public void Change(Action<ControlSession> change) => Change(session =>
    {
        change(session);
        return 0;
    });

    public abstract ValueTask DisposeAsync();

    protected void TellChanged() => Changed?.Invoke();
}
