using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>
/// Makes a spool of what was carried away from another one: the same id, sequences, release marks, pieces and losses. What it writes
/// lies in <c>importing/</c> until all of it is on disk; only <see cref="Finish"/> makes a spool of it, the marks last. Whoever does not
/// come so far leaves no spool behind. What contradicts itself is refused by <see cref="InvalidDataException"/>.
/// </summary>
public sealed class SpoolRestore : IDisposable
{
    private const string Folder = "importing";
    private const int LeastSegmentBytes = 256 * 1024;
    private const int MostSegmentBytes = 16 * 1024 * 1024;
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly string _path;
    private readonly DiskFiles _files;
    private readonly Guid _spoolId;
    private readonly Dictionary<SpoolLane, LaneMark> _lanes = [];
    private readonly List<LedgerEntry> _losses = [];
    private readonly List<string> _written = [];
    private readonly SegmentWriter _writer = new();
    private SpoolLane _lane;
    private ulong _expected;   // 0: the lane has not begun
    private ulong _committed;
    private ulong _items;      // of the lane before the expected sequence
    private ulong _behind;     // the lane's last record, or the end of its last piece: the next piece begins behind it
    private ISpoolFile? _file;
    private SegmentIdentity _identity;
    private SegmentHeader _header;
    private ulong _payloadBytes;
    private ulong _lastRecord;
    private ulong _itemsLast;

    private SpoolRestore(string path, DiskFiles files, Guid spoolId)
    {
        _path = path;
        _files = files;
        _spoolId = spoolId;
    }

    /// <summary>Takes the folder, which is made where it is missing.</summary>
    /// <exception cref="NotASpoolException">It holds something already.</exception>
    /// <exception cref="SpoolInUseException">A spool in it is open.</exception>
    public static SpoolRestore Begin(string path, Guid spoolId)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) && Directory.EnumerateFiles(full).Select(Path.GetFileName).FirstOrDefault(SpoolView.IsOfSpool!) is { } known)
        {
            throw new NotASpoolException($"{full} holds a spool already ({known}). Name an empty folder: two buffers cannot be merged.");
        }
        var restore = new SpoolRestore(full, DiskFiles.Own(full), spoolId);
        restore.Discard(); // of an attempt before
        return restore;
    }

    /// <summary>What follows belongs to this lane.</summary>
    /// <param name="lane">Each at most once.</param>
    /// <param name="released">The cloud has everything through this sequence.</param>
    /// <param name="committed">The last sequence that was given.</param>
    /// <param name="itemsThrough">Readings that had gone into the lane through it.</param>
    /// <param name="bytesThrough">Payload bytes that had.</param>
    public void BeginLane(SpoolLane lane, ulong released, ulong committed, ulong itemsThrough, ulong bytesThrough)
    {
        EndLane();
        if (released > committed || !_lanes.TryAdd(lane, new LaneMark(released, new Position(committed, itemsThrough, bytesThrough))))
        {
            throw new InvalidDataException($"The lane {lane} is there twice, or more of it is released than there is.");
        }
        (_lane, _committed, _expected, _behind) = (lane, committed, 0, 0);
    }

    /// <summary>The records that follow lie in this piece of the lane.</summary>
    public void BeginSegment(in SpoolSegment segment)
    {
        EndSegment();
        if (segment.FileBytes is < LeastSegmentBytes or > MostSegmentBytes || segment.FileBytes % SegmentWriter.PageBytes != 0
            || segment.First <= _behind || segment.Level is < 0 or > 15 || (segment.Level > 0 && segment.Through < segment.First))
        {
            throw new InvalidDataException($"The segment at sequence {segment.First} is not one that can be.");
        }
        ThinnedIdentity thinned = segment.Level == 0 ? default : new ThinnedIdentity((byte)segment.Level, segment.Through, 0);
        _identity = new SegmentIdentity(_spoolId, _lane, segment.First, thinned);
        _header = new SegmentHeader(
            _identity, Guid.Empty, segment.FileBytes, segment.ItemsBefore, segment.BytesBefore,
            new ThinningSummary(0, 0, segment.ItemsThrough, 0));
        _items = segment.ItemsBefore;
        _behind = segment.Level == 0 ? segment.First : segment.Through;
        (_payloadBytes, _lastRecord, _itemsLast) = (0, segment.First, segment.ItemsBefore);
        string name = $"{Folder}/{_identity.FileName}";
        _file = _files.Create(name);
        _written.Add(_identity.FileName);
        for (int offset = 0; offset < segment.FileBytes; offset += Zeros.Length)
        {
            _file.Write(Zeros.AsSpan(0, Math.Min(Zeros.Length, segment.FileBytes - offset)), offset);
        }
        _writer.Begin(_file, _header);
    }

    /// <summary>The next record.</summary>
    public void Append(in SpoolRecord record)
    {
        Expect(record.Sequence, record.Sequence);
        if (_file is null || record.Sequence < _identity.First || record.Payload.IsEmpty || !_writer.Fits(record.Payload.Length))
        {
            throw new InvalidDataException($"Record {record.Sequence} does not fit where it is said to lie.");
        }
        _writer.Append(_identity.ChecksumSeed(), record.Sequence, _items, record.Items, record.Payload.Span);
        _items += record.Items;
        _payloadBytes += (ulong)record.Payload.Length;
        (_lastRecord, _itemsLast) = (record.Sequence, _items);
        _behind = Math.Max(_behind, record.Sequence);
    }

    /// <summary>Sequences without a record.</summary>
    public void AddLoss(in SpoolGap gap)
    {
        Expect(gap.From, gap.To);
        _items += gap.Items;
        if (gap.To > _lanes[_lane].Released)
        {
            _losses.Add(new LedgerEntry(_lane, gap));
        }
    }

    /// <summary>Returns when the spool is complete and would survive a power cut.</summary>
    public void Finish()
    {
        EndLane();
        // A file without a backlog comes from a spool that never had one.
        if (!_lanes.TryGetValue(SpoolLane.Alarm, out LaneMark alarm) || !_lanes.TryGetValue(SpoolLane.Live, out LaneMark live))
        {
            throw new InvalidDataException("Not all lanes are in the file. In a spool made of it the others would begin anew, under numbers that the cloud has.");
        }
        foreach (string name in _written)
        {
            _files.Rename($"{Folder}/{name}", name);
        }
        using (LossLedger ledger = LossLedger.Open(_files, _spoolId))
        {
            foreach (LedgerEntry loss in _losses)
            {
                ledger.Add(loss.Lane, loss.Gap);
            }
        }
        _files.SyncDirectory();
        using (MarkFile marks = MarkFile.Open(_files, out _))
        {
            marks.Save(new Mark(0, _spoolId, Guid.Empty, true, alarm, live, _lanes.GetValueOrDefault(SpoolLane.Backlog)));
        }
        _files.SyncDirectory();
        _written.Clear();
    }

    /// <summary>Lets the folder go, and takes away what is not finished.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        Discard();
        _files.Dispose();
    }

    private void Discard()
    {
        string folder = Path.Combine(_path, Folder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Expect(ulong from, ulong to)
    {
        bool isNext = _expected == 0 ? from > 0 && _lanes.TryGetValue(_lane, out LaneMark mark) && from <= mark.Released + 1 : from == _expected;
        if (!isNext || to < from || to > _committed)
        {
            throw new InvalidDataException(
                $"Sequence {from} of the lane {_lane} comes where {(_expected == 0 ? "no later one than the first unreleased" : _expected)} should.");
        }
        _expected = to + 1;
    }

    private void EndLane()
    {
        EndSegment();
        if (_lanes.TryGetValue(_lane, out LaneMark mark) && (_expected == 0 ? mark.Released != _committed : _expected != _committed + 1))
        {
            throw new InvalidDataException($"The lane {_lane} ends before sequence {_committed}.");
        }
        _lane = default;
    }

    private void EndSegment()
    {
        if (_file is null)
        {
            return;
        }
        _writer.WriteOut();
        if (_identity.Level > 0)
        {
            // Known only now.
            Span<byte> header = stackalloc byte[SegmentHeader.MostBytes];
            ThinningSummary summary = new(
                _lastRecord, _itemsLast, Math.Max(_header.Summary.ItemsThrough, _itemsLast), _payloadBytes);
            (_header with { Summary = summary }).Write(header);
            _file.Write(header, 0);
        }
        _writer.Detach();
        _file.Sync();
        _file.Dispose();
        _file = null;
    }
}
