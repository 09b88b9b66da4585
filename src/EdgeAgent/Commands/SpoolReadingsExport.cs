using EdgeAgent.Protocol;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary>Writes readings out for other programs.</summary>
internal static class SpoolReadingsExport
{
    /// <param name="folder">The spool.</param>
    /// <param name="lanes">Which.</param>
    /// <param name="from">The first time, in nanoseconds since 1970.</param>
    /// <param name="to">The time before which.</param>
    /// <param name="output">Disposed of at the end.</param>
    public static SpoolExportResult Write(string folder, SpoolLane[] lanes, long from, long to, ISpooledReadingWriter output)
    {
        using (output)
        {
            using SpoolView view = SpoolView.Open(folder);
            ClockReferences clocks = SpooledClocks.Read(folder);
            var result = new SpoolExportResult(true, 0, 0, 0, 0);
            foreach (SpoolLane lane in lanes)
            {
                result = WriteLane(view, lane, clocks, from, to, output, result);
            }
            return result;
        }
    }

    private static SpoolExportResult WriteLane(
        SpoolView view, SpoolLane lane, ClockReferences clocks, long from, long to, ISpooledReadingWriter output, SpoolExportResult result)
    {
        ulong written = 0;
        var readings = new SpooledReadings(reading =>
        {
            if (from <= reading.UnixNanoseconds && reading.UnixNanoseconds < to)
            {
                output.Write(reading);
                written++;
            }
        }, clocks);
        using SpoolViewReader reader = view.OpenReader(lane);
        SpoolView? learned = null;
        while (result.IsComplete)
        {
            switch (reader.Read(out SpoolRecord record))
            {
                case ViewReadResult.Record:
                    if (reader.View != learned)
                    {
                        learned = reader.View;
                        readings.Learn(learned, lane, record.Sequence);
                    }
                    bool isDecoded = readings.TryRead(lane, record, out _);
                    result = result with { Records = result.Records + 1, Undecodable = result.Undecodable + (isDecoded ? 0 : 1) };
                    break;
                case ViewReadResult.Gap:
                    result = result with { Lost = result.Lost + reader.Gap.Items };
                    break;
                case ViewReadResult.Rewritten:
                    result = result with { IsComplete = false };
                    break;
                default:
                    return result with { Readings = result.Readings + written };
            }
        }
        return result;
    }
}
