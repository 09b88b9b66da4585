using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Scanning;
using EdgeAgent.Spooling;

namespace EdgeAgent.Doctor.Drills;

/// <summary>
/// A folder with everything that an agent of a drill needs, apart from the device's own: spool, state, configuration, and a cloud that nobody can reach, as the port is
/// held and not listened to. All of it goes with the drill.
/// </summary>
internal sealed class DrillSandbox : IDisposable
{
    public const string Topic = "drill";

    private readonly Socket _cloud = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="parent">Where the folder is made: on the flash that the real spool is on, or the drill would rehearse another disk.</param>
    /// <param name="durability">As the device's own spool has it.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    public DrillSandbox(string parent, SpoolDurability durability)
    {
        Durability = durability;
        Folder = Directory.CreateDirectory(Path.Join(Path.GetFullPath(parent), $"drill-{Guid.NewGuid():N}"[..14])).FullName;
        SpoolFolder = Path.Join(Folder, "disk", "spool");
        Directory.CreateDirectory(Path.GetDirectoryName(SpoolFolder)!);
        _cloud.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        WriteCertificate();
    }

    public string Folder { get; }

    /// <summary>The folder above is the sandbox's disk: nothing else is in it but what lies beside a spool.</summary>
    public string SpoolFolder { get; }

    public SpoolDurability Durability { get; }

    public string ConfigurationFile => Path.Join(Folder, "agent.json");

    /// <summary>Writes the configuration.</summary>
    /// <param name="port">Of the intake; 0: the agent picks one.</param>
    /// <param name="maximumBytes">The spool's cap.</param>
    /// <param name="freeSpaceFloor">What the spool leaves to others.</param>
    public void Configure(int port, long maximumBytes, long freeSpaceFloor) => File.WriteAllText(ConfigurationFile, JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            WriteTexts(json, "device", ("state", Path.Join(Folder, "state")), ("stopWithin", "10s"));
            json.WriteStartObject("remote");
            json.WriteBoolean("watch", false);
            json.WriteStartArray("allow");
            json.WriteStringValue("none");
            json.WriteEndArray();
            json.WriteEndObject();
            WriteTexts(
                json, "cloud", ("endpoint", $"https://127.0.0.1:{((IPEndPoint)_cloud.LocalEndPoint!).Port}"), ("proxy", "none"), ("certificate", CertificateFile), ("key", KeyFile),
                ("backoffFirst", "100ms"), ("backoffLast", "1s"), ("connectTimeout", "2s"));
            WriteTexts(
                json, "spool", ("path", SpoolFolder), ("maximumBytes", ByteSize.Format(maximumBytes)), ("segmentBytes", "256KiB"), ("freeSpaceFloor", ByteSize.Format(freeSpaceFloor)),
                ("durability", Durability == SpoolDurability.Always ? "always" : "offline-only"), ("offlineWindow", "1s"));
            WriteTexts(json, "batch", ("maximumAge", "200ms"));
            json.WriteStartArray("mqtt");
            json.WriteStartObject();
            json.WriteString("listen", $"mqtt://127.0.0.1:{port}");
            json.WriteStartArray("rules");
            WriteTexts(json, null, ("topic", Topic), ("series", "drill"), ("payload", "text"));
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        },
        isIndented: true));

    /// <summary>A TCP port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        _cloud.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string CertificateFile => Path.Join(Folder, "drill.crt");

    private string KeyFile => Path.Join(Folder, "drill.key");

    /// <summary>Nobody will ever see it, and without one the agent would not even try to connect.</summary>
    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=drill", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UtcNow.AddYears(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private static void WriteTexts(Utf8JsonWriter json, string? name, params ReadOnlySpan<(string Key, string Value)> members)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }
        json.WriteStartObject();
        foreach ((string key, string value) in members)
        {
            json.WriteString(key, value);
        }
        json.WriteEndObject();
    }
}
