using EdgeAgent.Identity;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Uplink;

/// <summary>Where the cloud is and how sessions are cut. Section <c>cloud</c> of the configuration.</summary>
internal sealed class UplinkOptions
{
    public UplinkOptions()
    {
    }

    /// <summary>
    /// The defaults for a kind of line. For <see cref="LineProfile.Metered"/>: a session ends when the spool is drained; a connection is kept for 12 min
    /// without a session, longer than the 5 min from batch to batch and shorter than the 15 min after which the service pings; it is made anew once a
    /// day, and a session is probed after 2 min of silence, when its receipt is overdue already.
    /// </summary>
    public UplinkOptions(LineProfile profile)
    {
        Profile = profile;
        if (profile == LineProfile.Metered)
        {
            SessionLinger = TimeSpan.Zero;
            ConnectionIdle = TimeSpan.FromMinutes(12);
            MaximumConnectionAge = TimeSpan.FromDays(1);
            KeepAlive = TimeSpan.FromMinutes(2);
        }
    }

    /// <summary>What the defaults are for. Metered: nothing is kept open that has nothing to say.</summary>
    public LineProfile Profile { get; }

    /// <summary>https://host:port of the ingestion service. Required.</summary>
    public Uri Endpoint { get; set; } = new("https://localhost:8443");

    /// <summary>Where else the service is, in order of preference; used while those before fail. Default none.</summary>
    public IReadOnlyList<Uri> FurtherEndpoints { get; set; } = [];

    /// <summary>All of them, in order of preference.</summary>
    public IEnumerable<Uri> Endpoints => FurtherEndpoints.Prepend(Endpoint);

    /// <summary>
    /// The name that the service is asked for by (SNI, :authority) and that its certificate has to be for. Default null: the endpoint's.
    /// </summary>
    public string? ServerName { get; set; }

    /// <summary>Pins as <see cref="PublicKeyPin"/> writes them, of which one has to be in the service's chain. Default none: the authority is enough.</summary>
    public IReadOnlyCollection<string> Pins { get; set; } = [];

    /// <summary>Whether a proxy is on the way. Default: what the environment says.</summary>
    public ProxyOptions Proxy { get; set; } = new();

    /// <summary>
    /// Age at which a connection is followed by a new one, ± 20 %. Default 30 min: a load balancer's new instance has its share within the hour, at the
    /// cost of 2 to 3 KB a handshake.
    /// </summary>
    public TimeSpan MaximumConnectionAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>PEM file with the roots to trust. Default null: the system's.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>PEM file with the device's certificate chain.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the device's private key (PKCS#8 or SEC 1).</summary>
    public string? KeyFile { get; set; }

    /// <summary>The identity that the device manages itself. Null: its files are those above, and somebody else's to manage.</summary>
    public IdentityStore? Identity { get; set; }

    /// <summary>Of <see cref="Identity"/>, the generation to show; 0 shows none. Default null: the one in force.</summary>
    public int? Generation { get; set; }

    /// <summary>One of <see cref="Pins"/> is enough, whoever issued the service's certificate: how a new device knows a service that nobody vouches for. Default false.</summary>
    public bool TrustsPins { get; set; }

    /// <summary>
    /// Bytes of records that are sent in a second at most, all lanes together; TLS and HTTP/2 add some 2 %. 0, the default: as fast as the line goes.
    /// For a line that others use too, or one that is slower than 1 Mbit/s: a rate a little below the line's keeps its own queue empty, in which live
    /// data would else wait behind the backlog. The service may ask for less.
    /// </summary>
    public ulong BytesPerSecond { get; set; }

    /// <summary>A session is half-closed after this many bytes. Default 512 KiB: a resend after a lost receipt stays cheap.</summary>
    public int SessionBytes { get; set; } = 512 * 1024;

    /// <summary>A session is half-closed after this long. Default 10 s: bounds how long sent data waits for its receipt.</summary>
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A session of the alarm or the live lane that has sent all there was is half-closed after this long, though more may come: nothing is in the cloud
    /// before its session ends. Default 200 ms: five sessions a second at the most, where readings come without a pause.
    /// </summary>
    public TimeSpan LiveSessionTime { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an open session waits for more once the spool is drained. Default 200 ms: gathers what comes in a burst.</summary>
    public TimeSpan SessionLinger { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time for connecting and for the service's headers. Default 20 s: a slow mobile link takes 5.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Time for one message to leave; one of more than 64 KiB has more, in proportion. Default 60 s: 64 KiB at 10 kbit/s, the slowest line in use, then
    /// nothing passes.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// While a session is open: how long the line may be silent before it is probed, and the probe unanswered. Default 30 s.
    /// </summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same for the connection over which the service asks and sends configurations, which is open all the time. Default 4 min: most NATs remember a
    /// line for 5; 230 bytes each time, 83 kB a day.
    /// </summary>
    public TimeSpan ControlKeepAlive { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>A connection without a session is closed after this long. Default 5 min: less than most NATs remember it.</summary>
    public TimeSpan ConnectionIdle { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Time from half-close to the receipt, beyond what the bytes on their way may take. Default 60 s: the service waits 10 s for a predecessor and 5 s for a
    /// place, and a proxy may hold an answer back.
    /// </summary>
    public TimeSpan ReceiptTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// While something is to be sent, what is acknowledged must advance within this time, beyond what a session is held open and the bytes on their way may take;
    /// else there is a new connection. At least <see cref="ReceiptTimeout"/>. Default 2 min: a receipt that was lost, and a second one.
    /// </summary>
    public TimeSpan ProgressTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>After so many of these times in a row without an acknowledgement the supervisor is told. Default 5: ten minutes at least.</summary>
    public int FruitlessConnections { get; set; } = 5;

    /// <summary>
    /// The first connection after a start comes within this time, at a moment drawn evenly: power comes back to a whole region at once. Default 0.5 s, a quarter
    /// on average, which nobody notices at a bench; who is turned away nevertheless is spread by the backoff.
    /// </summary>
    public TimeSpan StartSpread { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>First and last step of the exponential backoff, each drawn with full jitter. Defaults 1 s and 5 min.</summary>
    public TimeSpan BackoffFirst { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="BackoffFirst"/>
    public TimeSpan BackoffLast { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The same for the connection that is not for readings: it is open all the time.</summary>
    public UplinkOptions ForControl()
    {
        var control = (UplinkOptions)MemberwiseClone();
        control.KeepAlive = ControlKeepAlive;
        return control;
    }

    /// <summary>The same, to try one generation of the device's identity.</summary>
    public UplinkOptions ForGeneration(int generation)
    {
        var one = (UplinkOptions)MemberwiseClone();
        one.Generation = generation;
        return one;
    }

    /// <summary>The same for one endpoint alone, for whoever does not want to wait long.</summary>
    public UplinkOptions ForEndpoint(Uri endpoint, TimeSpan patience)
    {
        var one = (UplinkOptions)MemberwiseClone();
        (one.Endpoint, one.FurtherEndpoints) = (endpoint, []);
        one.ConnectTimeout = ConnectTimeout < patience ? ConnectTimeout : patience;
        one.ReceiptTimeout = ReceiptTimeout < patience ? ReceiptTimeout : patience;
        return one;
    }

    /// <summary>The same without the device's certificate, whoever manages it.</summary>
    public UplinkOptions WithoutDevice()
    {
        UplinkOptions nobody = ForGeneration(0);
        (nobody.CertificateFile, nobody.KeyFile) = (null, null);
        return nobody;
    }

    /// <summary>The same for a device that has no certificate yet, and knows the service by pins where there are some.</summary>
    public UplinkOptions ForEnrolment(IReadOnlyCollection<string> pins)
    {
        UplinkOptions enrolment = ForGeneration(0);
        if (pins.Count > 0)
        {
            (enrolment.Pins, enrolment.TrustsPins) = (pins, true);
        }
        return enrolment;
    }
}
