using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Host;

/// <summary>
/// Traffic, errors and link of each interface that leads somewhere: /sys/class/net (Documentation/ABI/testing/sysfs-class-net-statistics). An
/// Ethernet without hardware belongs to a bridge or a container and is left out; lines and tunnels are taken.
/// </summary>
internal sealed class NetworkProbe(HardwareRoot root, TimeProvider time) : IHostProbe
{
    /// <summary>A gateway has two or three; more than this would be a fault, and five series each.</summary>
    private const int MaximumInterfaces = 16;

    /// <summary>ARPHRD_ETHER and ARPHRD_LOOPBACK of linux/if_arp.h.</summary>
    private const string Ethernet = "1", Loopback = "772";

    private readonly List<Interface> _interfaces = [];

    public IReadOnlyList<Quantity> Find()
    {
        foreach (string folder in KernelText.Entries(root.At("/sys/class/net"), "*").Where(LeadsSomewhere).Take(MaximumInterfaces))
        {
            _interfaces.Add(new Interface(folder, time));
        }
        return [.. _interfaces.SelectMany(found => found.Quantities)];
    }

    public void Measure(Span<Measured> values)
    {
        foreach (Interface found in _interfaces)
        {
            found.Measure(values);
            values = values[found.Quantities.Count..];
        }
    }

    public void Dispose() => _interfaces.ForEach(found => found.Dispose());

    private static bool LeadsSomewhere(string folder) => KernelText.TryRead(Path.Join(folder, "type")) switch
    {
        null or Loopback => false,
        Ethernet => Path.Exists(Path.Join(folder, "device")),
        _ => true,
    };

    private sealed class Interface : IDisposable
    {
        /// <summary>In the order of the quantities behind the link.</summary>
        private static readonly string[] Counters = ["rx_bytes", "tx_bytes", "rx_errors", "tx_errors"];

        private readonly CountFile _carrier;
        private readonly (CountFile File, CounterRate Rate)[] _counters;

        public Interface(string folder, TimeProvider time)
        {
            string name = SeriesLevel.From(Path.GetFileName(folder));
            Quantities =
            [
                new($"network/{name}/link", "", 0, SeriesKind.Boolean),
                new($"network/{name}/received", "By/s", 0),
                new($"network/{name}/sent", "By/s", 0),
                new($"network/{name}/receive_errors", "/s", 3),
                new($"network/{name}/send_errors", "/s", 3),
            ];
            // Only while the interface is up: its driver says EINVAL else.
            _carrier = new CountFile(Path.Join(folder, "carrier"));
            _counters = [.. Counters.Select(counter => (new CountFile(Path.Join(folder, "statistics", counter)), new CounterRate(time)))];
            foreach ((CountFile file, CounterRate rate) in _counters)
            {
                rate.PerSecond(file.TryRead());
            }
        }

        public IReadOnlyList<Quantity> Quantities { get; }

        public void Measure(Span<Measured> values)
        {
            values[0] = Measured.Good(_carrier.TryRead() is 1 ? 1 : 0);
            for (int i = 0; i < _counters.Length; i++)
            {
                values[i + 1] = _counters[i].Rate.PerSecond(_counters[i].File.TryRead());
            }
        }

        public void Dispose()
        {
            _carrier.Dispose();
            foreach ((CountFile file, _) in _counters)
            {
                file.Dispose();
            }
        }
    }
}
