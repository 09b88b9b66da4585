using System.Globalization;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>Reads one segment from its header to its last record.</summary>
internal sealed class SegmentCheck(SpoolView view, SegmentLog log, int index, RecordChecked? checkedRecord)
{
    /// <summary>What its owner is appending at this moment is a whole record a moment later.</summary>
    private const int Looks = 3;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly Segment _segment = log.Segments[index];
    private readonly List<SpoolFinding> _findings = [];
    private ulong _expected;
    private ulong _items;
    private long _end;

    public long Records { get; private set; }

    private SpoolLane Lane => _segment.Identity.Lane;

    private string File => _segment.Identity.FileName;

    /// <param name="isNewest">It may still grow.</param>
    public List<SpoolFinding> Run(bool isNewest)
    {
        var found = new FoundSegment(File, _segment.Identity with { SpoolId = default }, _segment.File);
        found.ReadHeader();
        bool isSound = found.StateIn(view.Id) == HeaderState.Sound;
        if (!isSound)
        {
            _findings.Add(new SpoolFinding(
                File, 0, "its header is damaged", "nothing: its name and its records say the same", "Nothing needs to be done; the file goes when it is delivered."));
        }
        _expected = _segment.First;
        _items = _segment.ItemsBefore;
        _end = SegmentHeader.BytesOf(_segment.Identity);
        bool grows = isNewest && _segment.Level == 0;
        using var cursor = new SegmentCursor { ReadsAroundDamage = true };
        cursor.Open(_segment);
        ulong last = isSound && _segment.Level > 0 ? found.Header!.Value.Summary.LastRecord : isNewest ? log.Committed : _segment.Last;
        ulong itemsThrough = isSound && _segment.Level > 0 ? found.Header!.Value.Summary.ItemsLast
            : isNewest ? log.CommittedPosition.Items : log.Segments[index + 1].ItemsBefore;
        ReadRecords(cursor, grows ? ulong.MaxValue - 1 : last);
        if (_expected <= last)
        {
            Miss(last, 0, itemsThrough);
        }
        for (int look = 1; grows && cursor.AnythingFollowsInPage(); look++)
        {
            if (look == Looks)
            {
                _findings.Add(new SpoolFinding(
                    File, _end, "half a record stands at the end", "nothing that was ever acknowledged",
                    "The agent cuts it off when it starts. Where it runs, it is writing there now."));
                break;
            }
            Thread.Sleep(BetweenLooks);
            cursor.Forget();
            ReadRecords(cursor, ulong.MaxValue - 1);
        }
        return _findings;
    }

    private void ReadRecords(SegmentCursor cursor, ulong highest)
    {
        while (cursor.TryFind(_expected, highest, out RecordHeader header, out ReadOnlyMemory<byte> payload))
        {
            long start = cursor.Offset - header.RecordBytes;
            if (start > _end || header.Sequence > _expected)
            {
                Miss(header.Sequence - 1, start - _end, header.ItemsBefore);
            }
            checkedRecord?.Invoke(Lane, File, start, new SpoolRecord(header.Sequence, header.Items, payload));
            Records++;
            _expected = header.Sequence + 1;
            _items = header.ItemsThrough;
            _end = cursor.Offset;
        }
    }

    /// <summary>Names the sequences from the expected one on that have no record and are not written down as lost.</summary>
    private void Miss(ulong to, long bytes, ulong itemsBeforeNext)
    {
        List<SpoolGap> known = _expected > to ? [] : view.Space.Ledger.Within(Lane, _expected, to);
        List<SpoolGap> gaps = _expected > to ? [] : EvictionTally.GapsBetween(known, _expected, to, LossCause.Corrupt);
        ulong items = itemsBeforeNext - Math.Min(_items, itemsBeforeNext);
        ulong accounted = known.Aggregate(0UL, static (sum, loss) => sum + loss.Items);
        if (gaps.Count == 0 && bytes == 0)
        {
            return;
        }
        string what = bytes > 0 ? Text($"{bytes} bytes make no record") : "a record is missing";
        string cost = gaps.Count == 0 ? "nothing that is not written down as lost already"
            : to <= log.Released ? Text($"nothing: sequence {to} and all before were delivered")
            : Text($"{gaps.Aggregate(0UL, static (sum, gap) => sum + gap.Records)} records with {items - Math.Min(items, accounted)} readings, ")
                + Text($"sequences {gaps[0].From} to {gaps[^1].To}");
        _findings.Add(new SpoolFinding(File, _end, what, cost, "The cloud is told of it as corrupt; nothing else is affected."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
