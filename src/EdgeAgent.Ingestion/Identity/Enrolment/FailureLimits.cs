using System.Net;

namespace EdgeAgent.Ingestion.Identity.Enrolment;

/// <summary>
/// How often enrolments may fail. Tokens cannot be guessed; this keeps those who try from costing much. Only failures count, so that a workshop may enrol a thousand
/// devices from one address.
/// </summary>
internal sealed class FailureLimits(TimeProvider time)
{
    private const int BurstOfOne = 10, BurstOfAll = 200;

    /// <summary>Each is two times and an address. When there are more all are forgotten; what all may do together still holds then.</summary>
    private const int MostAddresses = 10_000;

    private static readonly TimeSpan IntervalOfOne = TimeSpan.FromSeconds(30), IntervalOfAll = TimeSpan.FromMilliseconds(100);

    private readonly Pace _all = new(IntervalOfAll, BurstOfAll, time);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Pace> _addresses = [];

    /// <param name="address">Null: it stands for many, and only all together are limited.</param>
    public bool MayTry(IPAddress? address) => _all.HasPlace && (address is null || Of(address).HasPlace);

    public void Count(IPAddress? address)
    {
        _all.Take(TimeSpan.Zero);
        if (address is not null)
        {
            Of(address).Take(TimeSpan.Zero);
        }
    }

    private Pace Of(IPAddress address)
    {
        IPAddress network = Network(address);
        lock (_gate)
        {
            if (!_addresses.TryGetValue(network, out Pace? pace))
            {
                if (_addresses.Count >= MostAddresses)
                {
                    _addresses.Clear();
                }
                pace = _addresses[network] = new Pace(IntervalOfOne, BurstOfOne, time);
            }
            return pace;
        }
    }

    /// <summary>Of IPv6 the first 64 bits: anybody may have all addresses behind them (RFC 6177).</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        byte[] bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
        {
            bytes.AsSpan(8).Clear();
        }
        return new IPAddress(bytes);
    }
}
