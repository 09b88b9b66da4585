using System.Numerics;

namespace EdgeAgent.Protocol.Wire;

/// <summary>
/// An array that its owner fills again and again. It doubles when it is too small, and shrinks when for
/// <see cref="RoundsBeforeTrim"/> rounds a quarter of it would have been enough, so that one large batch does not hold memory for ever.
/// </summary>
internal struct ReusedArray<T>
{
    /// <summary>With a batch a minute about an hour.</summary>
    private const int RoundsBeforeTrim = 64;

    private readonly int _minimum;
    private int _rounds;
    private int _most;

    public ReusedArray(int minimum)
    {
        _minimum = minimum;
        Items = new T[minimum];
    }

    public T[] Items { get; private set; }

    /// <summary>Makes room for <paramref name="length"/> items; the first <paramref name="keep"/> survive.</summary>
    public void Ensure(int length, int keep)
    {
        if (length > Items.Length)
        {
            T[] larger = new T[BitOperations.RoundUpToPowerOf2((uint)length)];
            Array.Copy(Items, larger, keep);
            Items = larger;
        }
    }

    /// <summary>Says how much of it this round needed. Its content is lost.</summary>
    public void EndRound(int used)
    {
        _most = Math.Max(_most, used);
        if (++_rounds >= RoundsBeforeTrim)
        {
            int enough = (int)Math.Max((uint)_minimum, BitOperations.RoundUpToPowerOf2((uint)_most));
            if (Items.Length >= 4 * enough)
            {
                Items = new T[enough];
            }
            _rounds = 0;
            _most = 0;
        }
    }
}
