namespace EdgeAgent.Spooling;

/// <summary>The offline buffer: bytes, in order, on disk, until released. One owner at a time.</summary>
public sealed class Spool : IAsyncDisposable
{
    private Spool()
    {
    }

    /// <summary>Opens the spool and recovers what is there. What is on disk never makes it fail.</summary>
    /// <exception cref="SpoolInUseException">Another owner has it open.</exception>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static Spool Open(SpoolOptions options, TimeProvider time, Guid bootId) => throw new NotSupportedException();

    /// <summary>Random, made with the spool; sequences mean something only together with it.</summary>
    public Guid Id => throw new NotSupportedException();

    /// <summary>What was found on disk at the start.</summary>
    public RecoveryReport Recovery => throw new NotSupportedException();

    /// <summary>Counts since the start.</summary>
    public SpoolStatistics Statistics => throw new NotSupportedException();

    /// <summary>One lane.</summary>
    public SpoolQueue this[SpoolLane lane] => throw new NotSupportedException();

    /// <summary>Commits what was appended and lets the folder go.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
