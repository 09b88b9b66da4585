using EdgeAgent.Spooling.Files;
using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling;

/// <summary>
/// What was lost, by number and cause, until the cloud knows it. The file is filled with zeros ahead and its slots are used again, so
/// that writing down what gives way needs no room on a full disk. Called under the spool's gate.
/// </summary>
internal sealed class LossLedger : IDisposable
{
    private const string Name = "ledger";

    /// <summary>2,048 slots at a time: neighbouring evictions share one, so that this is years of them.</summary>
    private const int GrowthBytes = 64 * 1024;

    private readonly ISpoolFile _file;
    private readonly Guid _spoolId;
    private readonly Stack<int> _free = new();
    private readonly List<Loss>[] _lanes = [.. Lanes.All.Select(static _ => new List<Loss>())];
    private int _slots;
    private int _version;

    private LossLedger(ISpoolFile file, Guid spoolId)
    {
        _file = file;
        _spoolId = spoolId;
    }

    /// <summary>Changes with every change of the entries, so that a reader knows when to look again.</summary>
    public int Version => Volatile.Read(ref _version);

    public long FileBytes => (long)_slots * LedgerEntry.Bytes;

    public static LossLedger Open(ISpoolFiles files, Guid spoolId)
    {
        bool exists = files.List().Contains(Name);
        var ledger = new LossLedger(exists ? files.Open(Name) : files.Create(Name), spoolId);
        if (!exists)
        {
            files.SyncDirectory();
        }
        ledger.Load();
        return ledger;
    }

    /// <summary>The first entry that ends at or after a sequence: it covers the sequence, or is the next one.</summary>
    public bool TryFind(SpoolLane lane, ulong sequence, out SpoolGap gap)
    {
        List<Loss> losses = Of(lane);
        int index = IndexOf(losses, sequence);
        gap = index < losses.Count ? losses[index].Gap : default;
        return index < losses.Count;
    }

    /// <summary>A reader has told of the entry that covers a sequence: from now on it must stay the size it was told as.</summary>
    public void MarkTold(SpoolLane lane, ulong sequence)
    {
        List<Loss> losses = Of(lane);
        int index = IndexOf(losses, sequence);
        losses[index] = losses[index] with { Told = true };
    }

    /// <summary>The entries that touch a range, in order.</summary>
    public List<SpoolGap> Within(SpoolLane lane, ulong from, ulong to)
    {
        List<Loss> losses = Of(lane);
        var within = new List<SpoolGap>();
        for (int index = IndexOf(losses, from); index < losses.Count && losses[index].Gap.From <= to; index++)
        {
            within.Add(losses[index].Gap);
        }
        return within;
    }

    /// <summary>Readings of the entries that lie within a range as a whole.</summary>
    public ulong ItemsWithin(SpoolLane lane, ulong from, ulong to)
    {
        ulong items = 0;
        foreach (SpoolGap loss in Within(lane, from, to))
        {
            items += loss.From >= from && loss.To <= to ? loss.Items : 0;
        }
        return items;
    }

    /// <summary>Readings of all entries of all lanes, by cause.</summary>
    public Dictionary<LossCause, ulong> Totals()
    {
        var totals = new Dictionary<LossCause, ulong>();
        foreach (Loss loss in _lanes.SelectMany(static losses => losses))
        {
            totals[loss.Gap.Cause] = totals.GetValueOrDefault(loss.Gap.Cause) + loss.Gap.Items;
        }
        return totals;
    }

    /// <summary>Makes sure that as many entries can be added without room on the disk.</summary>
    /// <exception cref="DiskFullException">The file cannot grow.</exception>
    public void Reserve(int entries)
    {
        while (_free.Count < entries)
        {
            Grow();
        }
    }

    /// <summary>Returns when the entries would survive a power cut. They must not overlap any that are there.</summary>
    /// <exception cref="DiskFullException">Every slot is taken and the file cannot grow. Nothing was added.</exception>
    public void Add(SpoolLane lane, params ReadOnlySpan<SpoolGap> gaps)
    {
        Reserve(gaps.Length);
        List<Loss> losses = Of(lane);
        Span<byte> bytes = stackalloc byte[LedgerEntry.Bytes];
        var added = new Loss[gaps.Length];
        for (int i = 0; i < gaps.Length; i++)
        {
            added[i] = new Loss(WithNeighbour(losses, gaps[i]), _free.Pop(), Told: false);
            new LedgerEntry(lane, added[i].Gap).Write(bytes, _spoolId);
            _file.Write(bytes, (long)added[i].Slot * LedgerEntry.Bytes);
        }
        _file.Sync();
        foreach (Loss loss in added)
        {
            int index = IndexOf(losses, loss.Gap.From);
            if (index < losses.Count && losses[index].Gap.From == loss.Gap.From)
            {
                // Free only now that the longer form is durable in a slot of its own.
                _free.Push(losses[index].Slot);
                losses[index] = loss;
            }
            else
            {
                losses.Insert(index, loss);
            }
        }
        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>
    /// Writes down what was thinned of a stretch, in place of what was written down when parts of it were thinned before. Returns when
    /// it would survive a power cut. One in between may leave any of both on disk: the segment's header has it all once more.
    /// </summary>
    /// <exception cref="DiskFullException">Every slot is taken and the file cannot grow. Nothing was changed.</exception>
    public void ReplaceThinned(SpoolLane lane, ulong first, ulong through, params ReadOnlySpan<SpoolGap> gaps)
    {
        Reserve(gaps.Length);
        List<Loss> losses = Of(lane);
        int start = IndexOf(losses, first);
        List<Loss> replaced = [.. losses.Skip(start).TakeWhile(loss => loss.Gap.To <= through)
            .Where(static loss => loss.Gap.Cause == LossCause.Thinned)];
        Loss[] before = [.. losses];
        losses.RemoveAll(replaced.Contains);
        Span<byte> nothing = stackalloc byte[LedgerEntry.Bytes];
        nothing.Clear();
        try
        {
            foreach (Loss loss in replaced)
            {
                _file.Write(nothing, (long)loss.Slot * LedgerEntry.Bytes);
            }
            Add(lane, gaps);
        }
        catch
        {
            // Until the spool is opened anew readers go on with the segments as they were: what was thinned of them must not look corrupt.
            losses.Clear();
            losses.AddRange(before);
            throw;
        }
        replaced.ForEach(loss => _free.Push(loss.Slot));
    }

    /// <summary>No reader can have told of the entries behind a sequence: they may change again.</summary>
    public void ForgetTold(SpoolLane lane, ulong after)
    {
        List<Loss> losses = Of(lane);
        for (int index = IndexOf(losses, after + 1); index < losses.Count; index++)
        {
            losses[index] = losses[index] with { Told = losses[index].Gap.From <= after };
        }
    }

    /// <summary>Forgets entries that lie at or below a mark which is durable.</summary>
    public void DropThrough(SpoolLane lane, ulong released)
    {
        List<Loss> losses = Of(lane);
        int count = IndexOf(losses, released + 1);
        if (count > 0)
        {
            losses.GetRange(0, count).ForEach(loss => _free.Push(loss.Slot));
            losses.RemoveRange(0, count);
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <summary>Returns when what was loaded would survive a power cut.</summary>
    public void Rewrite() => FoundDurability.Rewrite(_file, FileBytes);

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// An outage at the cap drops one segment after another: that is one entry which grows, as long as nobody was told of it.
    /// </summary>
    private static SpoolGap WithNeighbour(List<Loss> losses, SpoolGap gap)
    {
        int index = IndexOf(losses, gap.From);
        return index > 0 && losses[index - 1] is { Told: false, Gap: var before } && before.To + 1 == gap.From && before.Cause == gap.Cause
            && gap.Cause != LossCause.Thinned
            ? gap with { From = before.From, Items = before.Items + gap.Items }
            : gap;
    }

    private List<Loss> Of(SpoolLane lane) => _lanes[Lanes.IndexOf(lane)];

    /// <summary>The index of the first entry that ends at or after a sequence.</summary>
    private static int IndexOf(List<Loss> losses, ulong sequence)
    {
        int low = 0;
        int high = losses.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (losses[middle].Gap.To < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private void Grow()
    {
        _file.Write(new byte[GrowthBytes], FileBytes);
        int first = _slots;
        _slots += GrowthBytes / LedgerEntry.Bytes;
        for (int slot = _slots - 1; slot >= first; slot--)
        {
            _free.Push(slot);
        }
    }

    private void Load()
    {
        byte[] bytes = new byte[_file.Length];
        int slots = _file.ReadAround(bytes, 0) / LedgerEntry.Bytes;
        _slots = slots;
        var found = new List<(LedgerEntry Entry, int Slot)>();
        for (int slot = slots - 1; slot >= 0; slot--)
        {
            if (LedgerEntry.TryRead(bytes.AsSpan(slot * LedgerEntry.Bytes, LedgerEntry.Bytes), _spoolId, out LedgerEntry entry))
            {
                found.Add((entry, slot));
            }
            else
            {
                _free.Push(slot);
            }
        }
        // Of two that overlap the one that reaches further is the later one: it has grown from the other, whose slot was not used again.
        foreach ((LedgerEntry entry, int slot) in found.OrderByDescending(each => each.Entry.Gap.To).ThenBy(each => each.Entry.Gap.From))
        {
            List<Loss> losses = Of(entry.Lane);
            if (losses.Count > 0 && entry.Gap.To >= losses[^1].Gap.From)
            {
                _free.Push(slot);
            }
            else
            {
                // The last owner may have told of it.
                losses.Add(new Loss(entry.Gap, slot, Told: true));
            }
        }
        Array.ForEach(_lanes, static losses => losses.Reverse());
        if (_slots == 0)
        {
            try
            {
                Grow();
                _file.Sync();
            }
            catch (DiskFullException)
            {
                // The spool starts on a full disk too; Add asks again when there is something to write down.
            }
        }
    }

    private readonly record struct Loss(SpoolGap Gap, int Slot, bool Told);
}
