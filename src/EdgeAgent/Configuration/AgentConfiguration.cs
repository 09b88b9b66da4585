using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Flash;
using EdgeAgent.Identity;
using EdgeAgent.LocalStatus;
using EdgeAgent.Processing;
using EdgeAgent.RemoteConfig;
using EdgeAgent.RemoteSession;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using EdgeAgent.Uplink.Budget;

namespace EdgeAgent.Configuration;

/// <summary>Everything that the agent is told. Read and checked as a whole: there is no configuration with an error in it.</summary>
internal sealed class AgentConfiguration
{
    public const string DefaultFile = "/etc/edge-agent/agent.json";

    /// <summary>
    /// What was read, by section: its <see cref="ConfigNode.Canonical"/> text. Tells whether two configurations differ there. Empty where it was not read.
    /// </summary>
    public IReadOnlyDictionary<string, string> Sections { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What the configuration says of the definitions of all series, besides each source's own entry: a source whose entry and this stay the same has nothing to register
    /// anew. That is the device's labels. What rules make of a definition is no part of it: the catalog sees to that itself, and sources are not touched.
    /// </summary>
    public string SeriesIdentity => field ??= string.Join(
        ',', Device.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"\"{JsonEncodedText.Encode(label.Key)}\":\"{JsonEncodedText.Encode(label.Value)}\""));

    public DeviceOptions Device { get; init; } = new();

    public UplinkOptions Cloud { get; init; } = new();

    /// <summary>Null: the certificate is a matter of files that others manage.</summary>
    public IdentityOptions? Identity { get; init; }

    public ClockOptions Clock { get; init; } = new();

    public BatchOptions Batch { get; init; } = new();

    public ReportRules Report { get; init; } = ReportRules.None;

    public SpoolOptions Spool { get; init; } = new();

    public FlashOptions Flash { get; init; } = new();

    public BudgetOptions Budget { get; init; } = new();

    public IReadOnlyList<MqttBrokerOptions> Brokers { get; init; } = [];

    public IReadOnlyList<MqttIntakeOptions> Intakes { get; init; } = [];

    public IReadOnlyList<I2cBusOptions> I2cBuses { get; init; } = [];

    public IReadOnlyList<GpioLineOptions> GpioLines { get; init; } = [];

    public KernelOptions Kernel { get; init; } = new();

    public RemoteOptions Remote { get; init; } = new();

    /// <summary>Null: the device itself is not watched.</summary>
    public HostOptions? Host { get; init; }

    /// <summary>Tells an entry of a source from all others, with everything that it inherits: what runs by an entry runs on where another configuration has the same.</summary>
    /// <param name="source">The canonical text of the entry, and of what it inherits within its section.</param>
    public string IdentityOf(string source) => $"{source}\n{Device.Hardware.Folder}\n{SeriesIdentity}";

    /// <summary>Where the agent tells how it does.</summary>
    public LocalOptions Local { get; init; } = new();

    /// <summary>What the service may ask of this device.</summary>
    public AllowedRequests Allowed { get; init; } = AllowedRequests.Standard;

    /// <summary>Reads a file. One that cannot be read gives one error.</summary>
    public static bool TryReadFile(
        string file, [NotNullWhen(true)] out AgentConfiguration? configuration, out IReadOnlyList<ConfigError> errors)
    {
        string full = Path.GetFullPath(file);
        try
        {
            return TryRead(File.ReadAllBytes(full), file, Path.GetDirectoryName(full) ?? "/", out configuration, out errors);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            configuration = null;
            errors = [Unreadable(file, failure)];
            return false;
        }
    }

    /// <summary>What is told of a file that cannot be read.</summary>
    public static ConfigError Unreadable(string file, Exception failure) =>
        new(file, new ConfigPosition(1, 1), "", $"The file cannot be read: {failure.Message}");

    /// <summary>
    /// Reads a document from anywhere. Errors name it <paramref name="file"/>; its relative paths count from <paramref name="folder"/>.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        string file,
        string folder,
        [NotNullWhen(true)] out AgentConfiguration? configuration,
        out IReadOnlyList<ConfigError> errors)
    {
        var reading = new ConfigReading(file, folder);
        AgentConfiguration? read = AgentConfigurationReader.Read(utf8, reading);
        errors = reading.Errors.InOrder();
        configuration = errors.Count == 0 ? read : null;
        return configuration is not null;
    }
}
