namespace EdgeAgent.Doctor.Drills;

/// <summary>The lives of a drill's agent, one after the other on one spool, and what it has acknowledged in them.</summary>
internal sealed class Rehearsal(DrillSandbox sandbox, DrillProgram program, TimeProvider time)
{
    /// <summary>
    /// A drill must not wear what it is to protect: 64 MiB are two thousandths of what the smallest card bears. Beyond that the load ends, and the life with it.
    /// </summary>
    private const long MostBytes = 64L << 20;

    /// <summary>A board of the slowest kind starts in three seconds.</summary>
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<int> _acknowledged = [];
    private int _next;

    public int Lives { get; private set; }

    public IReadOnlySet<int> Acknowledged => _acknowledged;

    /// <summary>Null where the kernel does not count.</summary>
    public long? BytesWritten { get; private set; } = 0;

    /// <summary>One life.</summary>
    /// <param name="act">What happens in it, under load; ends when the life is to end.</param>
    /// <param name="load">What is published.</param>
    /// <param name="isKilled">How it ends: by SIGKILL in the middle of the load, or in order.</param>
    /// <param name="cancellationToken">Somebody wants no more of it.</param>
    /// <exception cref="IOException">The agent does not start, or does not end.</exception>
    public async Task LiveAsync(Func<DrillPublisher, Task> act, DrillLoad load, bool isKilled, CancellationToken cancellationToken)
    {
        int port = DrillSandbox.FreePort();
        await using DrillAgent agent = StartAt(port);
        using var publisher = new DrillPublisher(port, _next, load, time);
        await ConnectAsync(agent, publisher, cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task publishing = publisher.RunAsync(stop.Token);
        Task acting = act(publisher);
        long began = time.GetTimestamp();
        while (!acting.IsCompleted && (agent.BytesWritten ?? 0) < MostBytes)
        {
            await Task.WhenAny(acting, Task.Delay(Look, time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfDead(agent);
            if (publisher.Count == 0 && time.GetElapsedTime(began) > StartWithin)
            {
                throw new IOException($"The drill's agent acknowledges nothing within {StartWithin.TotalSeconds} s. It said last:\n{agent.LastWords}");
            }
        }
        if (acting.IsCompleted)
        {
            await acting.ConfigureAwait(false);
        }
        BytesWritten += agent.BytesWritten;
        if (isKilled)
        {
            await agent.KillAsync(cancellationToken).ConfigureAwait(false);
            await publishing.ConfigureAwait(false);
        }
        else
        {
            await stop.CancelAsync().ConfigureAwait(false);
            // Whoever publishes at the end is waited for by the agent, as it drains.
            await Task.WhenAny(publishing, Task.Delay(StartWithin, time, cancellationToken)).ConfigureAwait(false);
            await agent.StopAsync(cancellationToken).ConfigureAwait(false);
            await publishing.ConfigureAwait(false);
        }
        _acknowledged.UnionWith(publisher.Acknowledged.Keys);
        _next = publisher.Next;
        Lives++;
    }

    /// <summary>Where the sandbox's configuration is written for each life.</summary>
    public Action<int> Configure { get; init; } = port => sandbox.Configure(port, DrillSizes.Cap, freeSpaceFloor: 0);

    private DrillAgent StartAt(int port)
    {
        Configure(port);
        return DrillAgent.Start(program, sandbox.ConfigurationFile);
    }

    private async Task ConnectAsync(DrillAgent agent, DrillPublisher publisher, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (!await publisher.TryConnectAsync(cancellationToken).ConfigureAwait(false))
        {
            ThrowIfDead(agent);
            if (time.GetElapsedTime(started) > StartWithin)
            {
                throw new IOException($"The drill's agent does not take messages within {StartWithin.TotalSeconds} s. It said last:\n{agent.LastWords}");
            }
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void ThrowIfDead(DrillAgent agent)
    {
        if (agent.HasExited)
        {
            throw new IOException($"The drill's agent has ended by itself. It said last:\n{agent.LastWords}");
        }
    }
}
