using System.Runtime.InteropServices;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Thinning;

/// <summary>A reading that may stay as it is.</summary>
internal struct HeldReading
{
    public long Time;
    public double Number;
    public string? Text;
    public Quality Quality;

    /// <summary>The next one of its window, or <see cref="HeldReadings.None"/>.</summary>
    public int Next;
}

/// <summary>
/// The first few readings of each window, until there are too many of them. Chains through one list: most windows have either none left or just one, and a list
/// for each would be an object for each.
/// </summary>
internal sealed class HeldReadings
{
    public const int None = -1;

    private readonly List<HeldReading> _readings = [];
    private int _free = None;

    /// <summary>How many places are in use or were.</summary>
    public int Count => _readings.Count;

    public HeldReading this[int index] => _readings[index];

    /// <summary>Puts a reading behind the one at <paramref name="previous"/>.</summary>
    /// <returns>Where it is.</returns>
    public int Add(int previous, in HeldReading reading)
    {
        int index = _free;
        if (index == None)
        {
            index = _readings.Count;
            _readings.Add(reading);
        }
        else
        {
            _free = _readings[index].Next;
            _readings[index] = reading;
        }
        Span<HeldReading> all = CollectionsMarshal.AsSpan(_readings);
        all[index].Next = None;
        if (previous != None)
        {
            all[previous].Next = index;
        }
        return index;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _readings.Clear();
        _free = None;
    }

    /// <summary>Forgets a whole chain.</summary>
    public void Release(int first, int last)
    {
        if (first != None)
        {
            CollectionsMarshal.AsSpan(_readings)[last].Next = _free;
            _free = first;
        }
    }
}
