namespace EdgeAgent.Spooling.Inspection;

/// <summary>What <see cref="SpoolViewReader.Read"/> found at its position.</summary>
public enum ViewReadResult
{
    /// <summary>A record; its payload stays valid until the next call on the reader.</summary>
    Record,

    /// <summary>Sequences that hold nothing deliverable; <see cref="SpoolViewReader.Gap"/> says which and why.</summary>
    Gap,

    /// <summary>Everything was read that was there when the view was opened, or a later one that had to take its place.</summary>
    End,

    /// <summary>
    /// The owner has thinned a stretch of which a part was read already: the rest of it stands in other records now, together with
    /// that part. Whatever must have each reading once begins anew.
    /// </summary>
    Rewritten,
}

/// <summary>
/// Reads one lane in order. A segment whose file was used for something else while it was read is looked for again, in a new view: it
/// is released, dropped or thinned. What was read of the file's next life was no record: its checksum is another segment's.
/// </summary>
public sealed class SpoolViewReader : IDisposable
{
    private readonly SpoolLane _lane;
    private SpoolView _view;
    private bool _ownsView;
    private SpoolReader _reader;
    private ulong _next;

    internal SpoolViewReader(SpoolView view, SpoolLane lane, ulong from)
    {
        _lane = lane;
        _view = view;
        _next = Math.Max(from, 1);
        _reader = Start();
    }

    /// <summary>The gap that <see cref="Read"/> has just found.</summary>
    public SpoolGap Gap { get; private set; }

    /// <summary>The view that is being read.</summary>
    public SpoolView View => _view;

    /// <summary>Where the record that was just read lies.</summary>
    public SpoolSegment Segment => SpoolView.Describe(_view.LogOf(_lane), Math.Max(0, _view.LogOf(_lane).IndexOf(_next - 1)));

    /// <summary>Reads the record, or finds the gap, at the position and moves behind it.</summary>
    /// <param name="record">Its payload is valid until the next call.</param>
    public ViewReadResult Read(out SpoolRecord record)
    {
        while (true)
        {
            switch (_reader.Read(out record))
            {
                case ReadResult.Record:
                    _next = record.Sequence + 1;
                    return ViewReadResult.Record;
                case ReadResult.Gap when _reader.Gap.Cause == LossCause.Corrupt && _view.IsOutdated():
                    if (LooksAgainInVain())
                    {
                        return ViewReadResult.Rewritten;
                    }
                    break;
                case ReadResult.Gap:
                    Gap = _reader.Gap;
                    _next = Gap.To + 1;
                    return ViewReadResult.Gap;
                default:
                    return ViewReadResult.End;
            }
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        if (_ownsView)
        {
            _view.Dispose();
        }
    }

    /// <summary>Takes a new view. True where the position is in the middle of a stretch that was thinned since the last one.</summary>
    private bool LooksAgainInVain()
    {
        SpoolView old = _view;
        SpoolView now = SpoolView.Open(old.Path);
        IReadOnlyList<string> before = old.Folder.Listed;
        Dispose();
        (_view, _ownsView) = (now, true);
        _reader = Start();
        SegmentLog log = now.LogOf(_lane);
        int index = log.IndexOf(_next);
        return index >= 0 && log.Segments[index] is { Level: > 0 } thinned && thinned.First < _next && _next <= thinned.Identity.Thinned.Through
            && !before.Contains(thinned.Identity.FileName);
    }

    private SpoolReader Start() => new(_lane, _view.Space, _view.LogOf(_lane), _next);
}
