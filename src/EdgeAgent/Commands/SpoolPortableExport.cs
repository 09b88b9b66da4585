using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;
using EdgeAgent.Uplink;
using Google.Protobuf;
using LossCause = EdgeAgent.Protocol.V1.LossCause;

namespace EdgeAgent.Commands;

/// <summary>
/// Writes a spool as a portable file. What it says must hold also when the device goes on: so only what would survive a power cut is
/// written, and when the spool is rewritten or released under it, nothing that was written counts.
/// </summary>
internal sealed class SpoolPortableExport
{
    private readonly SpoolView _view;
    private readonly PortableWriter _output;
    private SpoolLane _lane;
    private ulong _expected;
    private ulong _segment; // the first sequence of the one that was named last
    private long _records;
    private ulong _readings;
    private ulong _lost;

    private SpoolPortableExport(SpoolView view, PortableWriter output)
    {
        _view = view;
        _output = output;
    }

    public static SpoolExportResult Write(string folder, SpoolLane[] lanes, Stream output)
    {
        using SpoolView view = SpoolView.Open(folder);
        return Write(view, lanes, output);
    }

    /// <summary>Writes what a view shows, as long as the owner of the spool leaves it there.</summary>
    internal static SpoolExportResult Write(SpoolView view, SpoolLane[] lanes, Stream output)
    {
        view.MakeDurable();
        using var writer = new PortableWriter(output);
        var export = new SpoolPortableExport(view, writer);
        bool isComplete = export.Write(lanes, SpooledClocks.Known(view.Path));
        return new SpoolExportResult(isComplete, export._records, export._readings, export._lost, 0);
    }

    private bool Write(SpoolLane[] lanes, IEnumerable<ClockReference> clocks)
    {
        byte[] id = new byte[16];
        _view.Id.TryWriteBytes(id, bigEndian: true, out _);
        var spool = new PortableSpool { SpoolId = UnsafeByteOperations.UnsafeWrap(id), AgentVersion = AgentVersion.Value };
        spool.Clocks.Add(clocks);
        _output.Write(new PortableEntry { Spool = spool });
        foreach (SpoolLane lane in lanes)
        {
            if (!WriteLane(_view[lane]))
            {
                return false;
            }
        }
        _output.Finish();
        return true;
    }

    private bool WriteLane(SpoolLaneView lane)
    {
        if (lane.Lane == SpoolLane.Backlog && lane.Committed == 0)
        {
            // Never used: readers that know no backlog take the file too.
            return true;
        }
        (_lane, _segment) = (lane.Lane, 0);
        _output.Write(new PortableEntry
        {
            Lane = new PortableLane
            {
                Lane = WireLane.Of(_lane),
                Released = lane.Released,
                Committed = lane.Committed,
                ReadingsThrough = lane.ReadingsThrough,
                BytesThrough = lane.BytesThrough,
            },
        });
        if (lane.IsEmpty)
        {
            return true;
        }
        _expected = lane.Released + 1;
        if (!TryWriteReleased(lane.Released))
        {
            return false;
        }
        using SpoolViewReader reader = _view.OpenReader(_lane, lane.Released + 1);
        while (_expected <= lane.Committed)
        {
            switch (reader.Read(out SpoolRecord record))
            {
                case ViewReadResult.Record when record.Sequence == _expected:
                    WriteRecord(reader.Segment, record);
                    _readings += record.Items;
                    break;
                case ViewReadResult.Gap when reader.Gap.From == _expected && reader.Gap.To <= lane.Committed && !IsPartlyWritten(reader, lane):
                    SpoolGap gap = reader.Gap;
                    WriteGap(new Gap { From = gap.From, To = gap.To, Readings = gap.Items, Cause = (LossCause)gap.Cause });
                    _lost += reader.Gap.Items;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    /// <summary>It was dropped after its first records were written here: the loss, which counts them, must not come on top of them.</summary>
    private bool IsPartlyWritten(SpoolViewReader reader, SpoolLaneView lane)
    {
        ulong from = reader.Gap.From;
        return from > lane.Released + 1 && reader.View[_lane].Losses.Any(loss => loss.From < from && from <= loss.To);
    }

    /// <summary>What lies in front of the first unreleased record in its segment: the series are named there.</summary>
    /// <returns>
    /// False where some of it is missing because the owner has freed the segment meanwhile and may be filling its file anew: from the front,
    /// so that the rest still reads well, without the names that it needs.
    /// </returns>
    private bool TryWriteReleased(ulong released)
    {
        SpoolSegment segment = _view.SegmentsOf(_lane).LastOrDefault(each => each.First <= released);
        bool isNeeded = segment.First > 0 && _view.SegmentsOf(_lane).All(each => each.First != released + 1);
        if (!isNeeded)
        {
            return true;
        }
        using LookBack back = _view.LookBack(_lane, segment.First);
        _expected = segment.First;
        bool isWhole = true;
        while (back.TryRead(out SpoolRecord record) && record.Sequence <= released)
        {
            isWhole &= record.Sequence == _expected;
            SkipTo(record.Sequence);
            WriteRecord(segment, record);
        }
        isWhole &= _expected == released + 1;
        SkipTo(released + 1);
        return isWhole || !_view.IsOutdated();
    }

    /// <summary>A released record that cannot be read any more is in the cloud all the same.</summary>
    private void SkipTo(ulong sequence)
    {
        if (_expected < sequence)
        {
            WriteGap(new Gap { From = _expected, To = sequence - 1, Cause = LossCause.Released });
        }
    }

    private void WriteRecord(in SpoolSegment segment, in SpoolRecord record)
    {
        if (segment.First != _segment)
        {
            _segment = segment.First;
            WriteSegment(segment);
        }
        _output.Write(new PortableEntry
        {
            Record = new PortableRecord
            {
                Sequence = record.Sequence,
                Readings = record.Items,
                Stored = UnsafeByteOperations.UnsafeWrap(record.Payload),
            },
        });
        _expected = record.Sequence + 1;
        _records++;
    }

    private void WriteSegment(in SpoolSegment segment) => _output.Write(new PortableEntry
    {
        Segment = new PortableSegment
        {
            First = segment.First,
            FileBytes = (uint)segment.FileBytes,
            ReadingsBefore = segment.ItemsBefore,
            BytesBefore = segment.BytesBefore,
            Level = (uint)segment.Level,
            Through = segment.Through,
            ReadingsThrough = segment.Level > 0 ? segment.ItemsThrough : 0,
        },
    });

    private void WriteGap(Gap gap)
    {
        _output.Write(new PortableEntry { Gap = gap });
        _expected = gap.To + 1;
    }
}
