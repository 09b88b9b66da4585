using System.Net;
using EdgeAgent.Diagnostics;
using EdgeAgent.Identity;
using EdgeAgent.Uplink.Connecting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Uplink;

/// <summary>
/// The one connection to the service, shared by the lanes: TLS with the device's certificate, HTTP/2. It connects with the first call,
/// and again with the first one after it broke. It goes to the next endpoint after one that failed, back to the preferred one with time, and
/// is made anew when it is old or the credentials have changed; sessions end on the connection that they began on.
/// </summary>
internal sealed partial class UplinkConnection : IDisposable
{
    private readonly UplinkOptions _options;
    private readonly AgentMetrics _metrics;
    private readonly CertificateTimes _times;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly Dialer _dialer;
    private readonly ProxyChoice _proxies;
    private readonly EndpointOrder _endpoints;
    private readonly CurrentCredentials _credentials;
    private readonly RetiredLines _retired;
    private readonly Lock _gate = new();
    private ServiceLine? _current;
    private long _lines;
    private long _oldLines;

    public UplinkConnection(
        UplinkOptions options, AgentMetrics metrics, CertificateTimes times, TimeProvider time, Random random, ILogger logger, NameLookup? lookup = null)
    {
        (_options, _metrics, _times, _time, _random, _logger) = (options, metrics, times, time, random, logger);
        _dialer = new Dialer(lookup ?? Dns.GetHostAddressesAsync, metrics, time);
        _proxies = new ProxyChoice(options.Proxy, Environment.GetEnvironmentVariable);
        _endpoints = new EndpointOrder([.. options.Endpoints]);
        _credentials = new CurrentCredentials(options, time, logger);
        _retired = new RetiredLines(time);
        Journal = new LineJournal(time);
    }

    /// <summary>The service has stored something. On any thread; whoever listens does no more than note it.</summary>
    public event Action<Confirmation>? Confirmed;

    /// <summary>A session is open, and this is what the service said. On any thread; whoever listens does no more than note it.</summary>
    public event Action<SessionHeaders>? Opened;

    /// <summary>Since when the service answers or does not.</summary>
    public LineJournal Journal { get; }

    /// <summary>Where the present connection leads, or the next one.</summary>
    public Uri Endpoint
    {
        get
        {
            lock (_gate)
            {
                return _endpoints.Current;
            }
        }
    }

    /// <summary>When the certificate that is shown on the present connection, or was on the last one, runs out; null where there is none.</summary>
    public DateTimeOffset? CertificateUntil
    {
        get
        {
            lock (_gate)
            {
                return Shown?.Device?.NotAfter;
            }
        }
    }

    /// <summary>Who the device is by that certificate; null where there is none, or it names nobody.</summary>
    public string? Device
    {
        get
        {
            lock (_gate)
            {
                return Shown?.Device is { } certificate ? DeviceName.Of(certificate) : null;
            }
        }
    }

    /// <summary>Connections that only finish the sessions they have.</summary>
    public int Retired => _retired.Count;

    /// <summary>A client over the present connection; over a new one where that is old, or failed, or the credentials' files have changed.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file does not hold what it should.</exception>
    public IngestClient Client()
    {
        lock (_gate)
        {
            DeviceCredentials credentials = _credentials.Get();
            if (_current is { } current && MustGo(current, credentials))
            {
                _retired.Add(current);
                _current = null;
            }
            _current ??= Open(credentials);
            return _current.Client;
        }
    }

    /// <summary>The next session opens a new connection, however good the present one is.</summary>
    /// <returns>The number of the last line that is not new.</returns>
    public long Renew()
    {
        lock (_gate)
        {
            return _oldLines = _lines;
        }
    }

    /// <summary>A receipt came over one of these connections.</summary>
    public void Confirm(in Confirmation confirmation) => Confirmed?.Invoke(confirmation);

    /// <summary>The service has answered the opening of a session.</summary>
    public void Hear(in SessionHeaders headers)
    {
        Journal.Answered();
        Opened?.Invoke(headers);
    }

    /// <summary>Nothing passes over the client's connection any more: the next one gets another, at the next endpoint.</summary>
    public void Abandon(IngestClient dead)
    {
        lock (_gate)
        {
            if (_current?.Client == dead)
            {
                _current.Dispose();
                _current = null;
                Leave();
            }
            else
            {
                _retired.Abandon(dead);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _retired.Dispose();
            _current?.Dispose();
            _current = null;
        }
    }

    private DeviceCredentials? Shown => _current?.Client.Credentials ?? _credentials.Last;

    /// <summary>Whether another line takes the present one's place, and at which endpoint.</summary>
    private bool MustGo(ServiceLine current, DeviceCredentials credentials)
    {
        if (current.HasFailed)
        {
            Leave();
            return true;
        }
        if (current.IsDue)
        {
            Log.Rotated(_logger, current.Endpoint);
            _endpoints.Return();
            return true;
        }
        return current.Client.Line <= _oldLines || current.Client.Credentials != credentials;
    }

    private void Leave()
    {
        Uri left = _endpoints.Current;
        if (_endpoints.TryNext())
        {
            Log.NextEndpoint(_logger, left, _endpoints.Current);
        }
    }

    private ServiceLine Open(DeviceCredentials credentials)
    {
        var connector = new ServiceConnector(
            _endpoints.Current, _dialer, _proxies, new ServiceTls(credentials, _options, _times), _options, _metrics, _time);
        return new ServiceLine(++_lines, connector, credentials, _options, new LineAge(_options.MaximumConnectionAge, _endpoints.IsPreferred, _random, _time));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The service cannot be had at {Endpoint}; the next connection goes to {Next}.")]
        public static partial void NextEndpoint(ILogger logger, Uri endpoint, Uri next);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The connection to {Endpoint} is old; the next session opens a new one to the preferred endpoint.")]
        public static partial void Rotated(ILogger logger, Uri endpoint);
    }
}
