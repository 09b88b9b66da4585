using System.Globalization;
using EdgeAgent.Commands;

namespace EdgeAgent.Doctor.Drills;

/// <summary>The messages of a drill that are in a spool, by their numbers, as <c>spool export</c> reads them.</summary>
internal sealed class FoundMessages : ISpooledReadingWriter
{
    private readonly Dictionary<int, long> _times = [];

    /// <summary>When each was taken, nanoseconds since 1970.</summary>
    public IReadOnlyDictionary<int, long> Times => _times;

    /// <summary>Those that came again, or that nobody has sent like this.</summary>
    public int Duplicated { get; private set; }

    /// <summary>Readings that the ledger says are gone.</summary>
    public long Accounted { get; private set; }

    /// <summary>All that is in the spool, of all lanes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FoundMessages In(string spool)
    {
        var found = new FoundMessages();
        SpoolExportResult result = SpoolReadingsExport.Write(spool, SpoolLanes.All, long.MinValue, long.MaxValue, found);
        found.Accounted = (long)result.Lost;
        return found;
    }

    public void Write(in SpooledReading reading)
    {
        if (reading.Series.Aggregate is not null)
        {
            // What is left of readings that were thinned, which the ledger counts.
            return;
        }
        string text = reading.Value;
        bool isOurs = int.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(' ', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && text == DrillMessage.Of(number, text.Length);
        if (!isOurs || !_times.TryAdd(number, reading.UnixNanoseconds))
        {
            Duplicated++;
        }
    }

    public void Dispose()
    {
        // Nothing is held open.
    }
}
