using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Inspection;

/// <summary>Checks the files <c>marks</c> and <c>ledger</c>, slot by slot.</summary>
internal static class SmallFiles
{
    private const int MarkSlotBytes = 4096;

    /// <summary>A slot that its owner is writing at this moment is whole a moment later.</summary>
    private const int Looks = 3;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<SpoolFinding> Check(SpoolView view) => CheckMarks(view).Concat(CheckLedger(view));

    private static IEnumerable<SpoolFinding> CheckMarks(SpoolView view)
    {
        const string File = "marks";
        List<long> damaged = DamagedSlots(view, File, MarkSlotBytes, static slot => Mark.TryRead(slot, out _));
        if (view.Recovery.MarkLost)
        {
            yield return new SpoolFinding(
                File, 0, "no release mark can be read", "nothing: everything on disk counts as unreleased, and the cloud skips what it has",
                "The agent writes a new one when it starts.");
            yield break;
        }
        foreach (long offset in damaged)
        {
            yield return new SpoolFinding(
                File, offset, "one of the two release marks is damaged", "nothing: the other one counts", "The agent writes over it.");
        }
    }

    private static IEnumerable<SpoolFinding> CheckLedger(SpoolView view)
    {
        const string File = "ledger";
        Guid id = view.Id;
        foreach (long offset in DamagedSlots(view, File, LedgerEntry.Bytes, slot => LedgerEntry.TryRead(slot, id, out _)))
        {
            yield return new SpoolFinding(
                File, offset, "an entry of the losses is damaged", "its cause, if the cloud has not been told: what is missing is still counted, as corrupt",
                "The agent uses the place again.");
        }
    }

    private static List<long> DamagedSlots(SpoolView view, string name, int slotBytes, Func<ReadOnlySpan<byte>, bool> isSound)
    {
        List<long> damaged = [];
        for (int look = 0; look < Looks && view.Folder.IsThere(name); look++)
        {
            List<long> now = Look(view, name, slotBytes, isSound);
            damaged = look == 0 ? now : [.. damaged.Intersect(now)];
            if (damaged.Count == 0)
            {
                break;
            }
            Thread.Sleep(BetweenLooks);
        }
        return damaged;
    }

    private static List<long> Look(SpoolView view, string name, int slotBytes, Func<ReadOnlySpan<byte>, bool> isSound)
    {
        var damaged = new List<long>();
        using FileStream file = new(
            Path.Combine(view.Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);
        byte[] slot = new byte[slotBytes];
        int read;
        for (long offset = 0; (read = file.ReadAtLeast(slot, slotBytes, throwOnEndOfStream: false)) > 0; offset += slotBytes)
        {
            ReadOnlySpan<byte> bytes = slot.AsSpan(0, read);
            if (bytes.ContainsAnyExcept((byte)0) && !isSound(bytes))
            {
                damaged.Add(offset);
            }
        }
        return damaged;
    }
}
