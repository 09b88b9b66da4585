namespace EdgeAgent.Uplink;

/// <summary>
/// What the line has shown that it can do: how large sessions may be, and how long bytes may take before nobody waits for them any more. A large session over a
/// slow line would pass every deadline, be sent again, and pass it again; so a session that failed on its way is followed by one of half the bytes, and each
/// receipt doubles them again. Pure.
/// </summary>
internal sealed class LineEstimate(int mostBytes)
{
    /// <summary>10 kbit/s, the slowest line in use, and what is supposed of a line that nothing is known of.</summary>
    public const int SlowestBytesPerSecond = 1_250;

    /// <summary>13 s on the slowest line. Below that the round trips and headers of sessions weigh more than what is resent.</summary>
    private const int SmallestSession = 16 * 1024;

    /// <summary>How much slower than at its best the line may be before what is on its way counts as lost.</summary>
    private const int Margin = 4;

    private double _bytesPerSecond;
    private int _halvings;

    /// <summary>How many bytes the next session may hold.</summary>
    public int SessionBytes => Math.Max(Math.Min(mostBytes, SmallestSession), mostBytes >> _halvings);

    /// <summary>How long so many bytes may be on their way.</summary>
    public TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds(bytes / Math.Max(SlowestBytesPerSecond, _bytesPerSecond / Margin));

    /// <summary>A session has its receipt.</summary>
    /// <param name="bytes">That it held.</param>
    /// <param name="time">From its opening on. It may have waited for data, so that it says how fast the line is at least.</param>
    public void OnReceipt(long bytes, TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            _bytesPerSecond = Math.Max(_bytesPerSecond, bytes / time.TotalSeconds);
        }
        _halvings = Math.Max(0, _halvings - 1);
    }

    /// <summary>A session that had sent something ended without an answer.</summary>
    public void OnLoss()
    {
        _bytesPerSecond /= Margin;
        _halvings += SessionBytes > SmallestSession ? 1 : 0;
    }
}
