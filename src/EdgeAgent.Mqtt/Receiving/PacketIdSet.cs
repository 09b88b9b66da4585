using System.Numerics;

namespace EdgeAgent.Mqtt.Receiving;

/// <summary>
/// A set of packet ids, one bit each, in pages that are made when their first bit is set: devices count their ids up, so a page of 512 bytes
/// is what most need, and 8 KiB is what the worst can make us hold.
/// </summary>
internal sealed class PacketIdSet
{
    private const int PageBits = 4096;
    private const int WordBits = 64;
    private readonly ulong[]?[] _pages = new ulong[(ushort.MaxValue + 1) / PageBits][];

    public int Count { get; private set; }

    public bool Contains(ushort id) => _pages[id / PageBits] is { } page && (page[Word(id)] & Bit(id)) != 0;

    public void Add(ushort id)
    {
        if (!Contains(id))
        {
            ulong[] page = _pages[id / PageBits] ??= new ulong[PageBits / WordBits];
            page[Word(id)] |= Bit(id);
            Count++;
        }
    }

    public bool Remove(ushort id)
    {
        if (!Contains(id))
        {
            return false;
        }
        _pages[id / PageBits]![Word(id)] &= ~Bit(id);
        Count--;
        return true;
    }

    public void AddAll(PacketIdSet? others)
    {
        for (int page = 0; page < _pages.Length; page++)
        {
            for (int word = 0; others?._pages[page] is { } theirs && word < theirs.Length; word++)
            {
                ulong[] ours = _pages[page] ??= new ulong[PageBits / WordBits];
                Count += BitOperations.PopCount(theirs[word] & ~ours[word]);
                ours[word] |= theirs[word];
            }
        }
    }

    private static int Word(ushort id) => id % PageBits / WordBits;

    private static ulong Bit(ushort id) => BitOperations.RotateLeft(1UL, id % WordBits);
}
