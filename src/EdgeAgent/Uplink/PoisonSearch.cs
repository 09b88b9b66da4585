namespace EdgeAgent.Uplink;

/// <summary>
/// Finds the record that makes the service reject whole sessions, by halves: log2 of a session's records more sessions. It says what the next session may hold,
/// and is told what became of it. Sessions go one at a time meanwhile. Pure.
/// </summary>
internal sealed class PoisonSearch
{
    private ulong _through; // the record is at or before this one

    public PoisonStage Stage { get; private set; }

    /// <summary>The record that was rejected alone, while <see cref="Stage"/> is <see cref="PoisonStage.Comparing"/>.</summary>
    public ulong Suspect => _through;

    /// <summary>The last sequence that a session beginning at <paramref name="next"/> may send.</summary>
    public ulong LastFor(ulong next) => Stage switch
    {
        PoisonStage.Unsuspected => ulong.MaxValue,
        PoisonStage.Halving when next < _through => next + ((_through - next - 1) / 2),
        _ => next,
    };

    /// <summary>The next session begins here: everything before is taken.</summary>
    public void Reach(ulong next)
    {
        if (next > _through)
        {
            Stage = PoisonStage.Unsuspected;
        }
    }

    /// <summary>A session was rejected.</summary>
    /// <param name="last">The last sequence that was sent.</param>
    /// <param name="messages">How many records and gaps were.</param>
    /// <returns>True where the search goes on; false where only time can help.</returns>
    public bool Reject(ulong last, int messages)
    {
        (Stage, bool goesOn) = (Stage, messages) switch
        {
            // Not for what it held.
            (PoisonStage.Unsuspected, 0) => (PoisonStage.Unsuspected, false),
            (PoisonStage.Halving, 0) => (PoisonStage.Halving, false),
            (_, 0) => (PoisonStage.Unsure, false),
            (_, 1) => (PoisonStage.Comparing, true),
            _ => (PoisonStage.Halving, true),
        };
        _through = messages > 0 ? last : _through;
        return goesOn;
    }

    /// <summary>The suspect is not to be set aside.</summary>
    public void Doubt() => Stage = PoisonStage.Unsure;

    /// <summary>The suspect is set aside.</summary>
    public void End() => Stage = PoisonStage.Unsuspected;
}
