using EdgeAgent.Protocol;
using EdgeAgent.Spooling;

namespace EdgeAgent.Thinning;

/// <summary>
/// What gives way first when the spool is full: readings become aggregates of a minute, and those of a quarter of an hour. docs/decisions/0012 says which and why.
/// </summary>
internal sealed class ReadingThinner(BatchCompression compression, ThinningLimits? limits = null) : ISpoolThinner
{
    /// <summary>By level, from 1.</summary>
    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15)];

    public int Levels => Windows.Length;

    /// <exception cref="ThinningRefusedException">The records cannot be understood.</exception>
    public void Thin(ThinningRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Thin(run.Level, new RecordsOfRun(run));
    }

    /// <inheritdoc cref="Thin(ThinningRun)"/>
    public ThinningOutcome Thin(int level, IThinningRecords records)
    {
        // Nothing is kept from run to run: there is one a segment at most, hours apart, and a device needs its memory meanwhile.
        var windows = new WindowTable(limits ?? new ThinningLimits());
        var reader = new ThinningReader(windows, Windows[level - 1]);
        var writer = new ThinningWriter(records, DictionaryId.OfThinned(records.FirstSequence, level), compression);
        bool isAnyWritten = false;
        bool isMore;
        do
        {
            isMore = TryReadPart(records, reader, windows);
            if (windows.IsExceeded)
            {
                return ThinningOutcome.TooMuchAtOnce;
            }
            // Once the first part is written the others have to follow, whatever is in them.
            if (!isAnyWritten && windows.CountValues() * 2 > reader.ValuesRead)
            {
                return ThinningOutcome.NotSmaller;
            }
            if (!writer.TryWrite(windows))
            {
                return ThinningOutcome.Full;
            }
            isAnyWritten = true;
            windows.StartAnew();
        }
        while (isMore);
        return ThinningOutcome.Thinned;
    }

    /// <summary>
    /// Reads until memory runs short: many readings a second fill a segment with more windows than may be open at once. A window that lies across two parts gets an entry in each.
    /// </summary>
    /// <returns>False at the end of the records.</returns>
    private static bool TryReadPart(IThinningRecords records, ThinningReader reader, WindowTable windows)
    {
        while (records.TryRead(out SpoolRecord record))
        {
            reader.Read(record);
            if (windows.IsCrowded)
            {
                return true;
            }
        }
        return false;
    }

    private sealed class RecordsOfRun(ThinningRun run) : IThinningRecords
    {
        public ulong FirstSequence => run.FirstSequence;

        public bool TryRead(out SpoolRecord record) => run.TryRead(out record);

        public bool TryAppend(ReadOnlySpan<byte> payload, uint items) => run.TryAppend(payload, items);
    }
}
