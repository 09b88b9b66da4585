using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>The health of the device itself: all probes that the configuration names, as one sensor.</summary>
internal sealed class HostHealth(IReadOnlyList<IHostProbe> probes) : IBlockingDevice
{
    private int[] _counts = [];

    public string Description => "this device";

    /// <summary>Known after the first attempt, which looks what there is.</summary>
    public IReadOnlyList<Quantity> Quantities { get; private set; } = [];

    public bool IsPresent { get; private set; }

    public void Measure(Span<Measured> values)
    {
        if (!IsPresent)
        {
            IReadOnlyList<Quantity>[] found = [.. probes.Select(probe => probe.Find())];
            _counts = [.. found.Select(quantities => quantities.Count)];
            Quantities = [.. found.SelectMany(quantities => quantities)];
            IsPresent = true;
        }
        if (values.Length == 0)
        {
            return;
        }
        for (int i = 0; i < probes.Count; i++)
        {
            if (_counts[i] > 0)
            {
                probes[i].Measure(values[.._counts[i]]);
                values = values[_counts[i]..];
            }
        }
    }

    public void Dispose()
    {
        foreach (IHostProbe probe in probes)
        {
            probe.Dispose();
        }
    }
}
