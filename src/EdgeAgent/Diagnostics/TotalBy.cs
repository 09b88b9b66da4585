using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace EdgeAgent.Diagnostics;

/// <summary>A <see cref="Total"/> for each case of an enumeration of consecutive ints from 0, told apart by one attribute.</summary>
internal sealed class TotalBy<TCase>(string name, string unit, string description, string attribute)
    where TCase : struct, Enum
{
    private static readonly TCase[] Cases = Enum.GetValues<TCase>();
    private readonly long[] _values = new long[Cases.Length];

    public long this[TCase which] => Volatile.Read(ref _values[Index(which)]);

    /// <summary>The sum over all cases.</summary>
    public long Sum
    {
        get
        {
            long sum = 0;
            foreach (TCase which in Cases)
            {
                sum += this[which];
            }
            return sum;
        }
    }

    public void Add(TCase which, long amount = 1) => Interlocked.Add(ref _values[Index(which)], amount);

    public void Publish(Meter meter) => meter.CreateObservableCounter(name, () => Observe(), unit, description);

    /// <summary>What is counted at this moment.</summary>
    /// <param name="more">Attributes beside the case.</param>
    public IEnumerable<Measurement<long>> Observe(params KeyValuePair<string, object?>[] more)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            yield return new Measurement<long>(Volatile.Read(ref _values[i]), [KeyValuePair.Create(attribute, (object?)Label(Cases[i])), .. more]);
        }
    }

    private static int Index(TCase which) => Unsafe.BitCast<TCase, int>(which);

    /// <summary>CatalogFull becomes catalog_full, as attribute values are written.</summary>
    public static string Label(TCase which) =>
        string.Concat(which.ToString().Select((letter, i) => (i > 0 && char.IsUpper(letter) ? "_" : "") + char.ToLowerInvariant(letter)));
}
