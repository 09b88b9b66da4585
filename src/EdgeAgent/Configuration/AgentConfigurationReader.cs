using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Flash;
using EdgeAgent.Identity;
using EdgeAgent.LocalStatus;
using EdgeAgent.Processing;
using EdgeAgent.RemoteConfig;
using EdgeAgent.RemoteSession;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Sensors.I2c;
using EdgeAgent.Sensors.Kernel;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Mqtt.Broker;
using EdgeAgent.Sensors.Mqtt.Intake;
using EdgeAgent.Spooling;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Configuration;

/// <summary>The root of the document and the sections that are not a source's own.</summary>
internal static class AgentConfigurationReader
{
    private const long KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

    /// <returns>Null where the document is no section at all; otherwise what could be read, which counts only without errors.</returns>
    public static AgentConfiguration? Read(ReadOnlySpan<byte> utf8, ConfigReading reading)
    {
        if (ReadNode(utf8, reading) is not { } node)
        {
            return null;
        }
        ConfigSection root = reading.Open(node);
        var brokers = new List<MqttBrokerOptions>();
        var intakes = new List<MqttIntakeOptions>();
        DeviceOptions device = ReadDevice(root.Section("device"));
        ConfigSection uplink = root.Section("cloud");
        LineProfile profile = uplink.Choice("profile", LineProfile.Normal, ("normal", LineProfile.Normal), ("metered", LineProfile.Metered));
        UplinkOptions cloud = ReadCloud(uplink, profile);
        BatchOptions batch = BatchOptionsReader.Read(root, profile);
        batch.LiveWindow = uplink.Time("liveWindow", batch.LiveWindow, TimeSpan.Zero, TimeSpan.FromHours(24));
        ConfigSection spool = root.Section("spool");
        ConfigSection remote = root.Section("remote");
        FlashOptions flash = ReadFlash(spool);
        var configuration = new AgentConfiguration
        {
            Sections = node.Members.ToDictionary(member => member.Name, member => member.Value.Canonical, StringComparer.Ordinal),
            Device = device,
            Cloud = cloud,
            Identity = IdentityOptionsReader.Read(root, device.StateFolder, cloud),
            Clock = ReadClock(root.Section("clock")),
            Batch = batch,
            Report = ReportRulesReader.Read(root),
            Spool = ReadSpool(spool, flash, mostInFlight: 2L * (cloud.SessionBytes + batch.MaximumBytes)),
            Flash = flash,
            Budget = BudgetOptionsReader.Read(root.Section("budget")),
            Remote = RemoteOptionsReader.Read(remote),
            Local = LocalOptionsReader.Read(root.Section("local")),
            Brokers = brokers,
            Intakes = intakes,
            I2cBuses = I2cOptionsReader.Read(root),
            GpioLines = GpioOptionsReader.Read(root),
            Kernel = KernelOptionsReader.Read(root),
            Host = HostOptionsReader.Read(root),
            Allowed = AllowedRequestsReader.Read(remote),
        };
        MqttOptionsReader.Read(root, brokers, intakes);
        reading.RejectUnknownKeys();
        return configuration;
    }

    /// <summary>Where the state lies, which is asked before anything else is known: the one thing that counts though something else in the document is wrong.</summary>
    /// <returns>Null where the document is no section at all.</returns>
    public static string? ReadStateFolder(ReadOnlySpan<byte> utf8, ConfigReading reading) =>
        ReadNode(utf8, reading) is { } node ? ReadDevice(reading.Open(node).Section("device")).StateFolder : null;

    private static ConfigNode? ReadNode(ReadOnlySpan<byte> utf8, ConfigReading reading)
    {
        ConfigNode? node = ConfigDocument.Read(utf8, reading.Errors);
        if (node is not null && node.Kind != ConfigNodeKind.Section)
        {
            reading.Errors.Add(node, $"This is {node.Describe()} where a section {{ … }} belongs. Change it.");
            return null;
        }
        return node;
    }

    private static DeviceOptions ReadDevice(ConfigSection section)
    {
        var standard = new DeviceOptions();
        return new DeviceOptions
        {
            Labels = section.Labels("labels"),
            MaximumSeries = section.Integer("maximumSeries", standard.MaximumSeries, 1, 1_000_000),
            StopWithin = section.Time("stopWithin", standard.StopWithin, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            StateFolder = section.Folder("state", standard.StateFolder),
            Hardware = new HardwareRoot(section.Folder("hardware", standard.Hardware.Folder)),
            LogLevel = section.Choice(
                "logLevel",
                standard.LogLevel,
                ("trace", LogLevel.Trace),
                ("debug", LogLevel.Debug),
                ("information", LogLevel.Information),
                ("warning", LogLevel.Warning),
                ("error", LogLevel.Error)),
        };
    }

    private static UplinkOptions ReadCloud(ConfigSection section, LineProfile profile)
    {
        var standard = new UplinkOptions(profile);
        (string? certificate, string? key) = CertificateFiles.ReadPair(section, "certificate", "key", required: false);
        TimeSpan second = TimeSpan.FromSeconds(1), minute = TimeSpan.FromMinutes(1), hour = TimeSpan.FromHours(1);
        var options = new UplinkOptions(profile)
        {
            AuthorityFile = CertificateFiles.ReadAuthorities(section, "ca"),
            CertificateFile = certificate,
            KeyFile = key,
            KeepAlive = section.Time("keepAlive", standard.KeepAlive, 5 * second, hour),
            ConnectionIdle = section.Time("connectionIdle", standard.ConnectionIdle, second, 24 * hour),
            SessionBytes = (int)section.Size("sessionBytes", standard.SessionBytes, 16 * KiB, 64 * MiB),
            BytesPerSecond = (ulong)(section.OptionalSize("rate", KiB, GiB) ?? 0),
            SessionTime = section.Time("sessionTime", standard.SessionTime, second, hour),
            SessionLinger = section.Time("sessionLinger", standard.SessionLinger, TimeSpan.Zero, minute),
            ConnectTimeout = section.Time("connectTimeout", standard.ConnectTimeout, second, 10 * minute),
            ReceiptTimeout = section.Time("receiptTimeout", standard.ReceiptTimeout, second, hour),
            ProgressTimeout = section.Time("progressTimeout", standard.ProgressTimeout, second, 24 * hour),
            FruitlessConnections = section.Integer("fruitlessConnections", standard.FruitlessConnections, 1, 1_000),
            BackoffFirst = section.Time("backoffFirst", standard.BackoffFirst, TimeSpan.FromMilliseconds(10), hour),
            BackoffLast = section.Time("backoffLast", standard.BackoffLast, TimeSpan.FromMilliseconds(10), 24 * hour),
        };
        ConnectingOptionsReader.Read(section, options);
        RequireOrder(section, "backoffFirst", options.BackoffFirst, "backoffLast", options.BackoffLast);
        RequireOrder(section, "receiptTimeout", options.ReceiptTimeout, "progressTimeout", options.ProgressTimeout);
        return options;
    }

    private static ClockOptions ReadClock(ConfigSection section) => new()
    {
        Trust = section.Choice("trust", new ClockOptions().Trust, ("kernel", ClockTrust.Kernel), ("always", ClockTrust.Always)),
    };

    private static FlashOptions ReadFlash(ConfigSection section)
    {
        var standard = new FlashOptions();
        return new FlashOptions
        {
            MaximumBytesPerDay = section.OptionalSize("maximumBytesPerDay", 4 * MiB, 1024 * GiB),
            LongestWait = section.Time("longestCommitWait", standard.LongestWait, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
    }

    /// <param name="section">The section.</param>
    /// <param name="flash">How long commits may be put off.</param>
    /// <param name="mostInFlight">Bytes that the uplink may have on its way: two sessions, each of which may end with a whole batch too much.</param>
    private static SpoolOptions ReadSpool(ConfigSection section, FlashOptions flash, long mostInFlight)
    {
        var standard = new SpoolOptions();
        var options = new SpoolOptions
        {
            Path = section.Folder("path", "/var/lib/edge-agent/spool"),
            MaximumBytes = section.Size("maximumBytes", standard.MaximumBytes, 4 * MiB, 1024 * GiB),
            FreeSpaceFloor = section.Size("freeSpaceFloor", standard.FreeSpaceFloor, 0, 1024 * GiB),
            CommitWindow = section.Time("commitWindow", standard.CommitWindow, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Durability = section.Choice(
                "durability", standard.Durability, ("always", SpoolDurability.Always), ("offline-only", SpoolDurability.OfflineOnly)),
            OfflineWindow = section.Time("offlineWindow", standard.OfflineWindow, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            MemoryBytes = section.Size("memoryBytes", standard.MemoryBytes, 256 * KiB, 64 * MiB),
        };
        if (section.Has("segmentBytes"))
        {
            options.SegmentBytes = (int)section.Size("segmentBytes", standard.SegmentBytes, 256 * KiB, 16 * MiB);
        }
        else
        {
            // Asked for so that the key is known; its default follows maximumBytes.
            section.Any("segmentBytes", fallback: new SizeDefault(standard.SegmentBytes));
        }
        if (flash.MaximumBytesPerDay is not null && options.CommitWindow < flash.LongestWait)
        {
            // The batcher asks for each commit, when it is time; the spool by itself would not wait for that.
            options.CommitWindow = flash.LongestWait;
        }
        options.MaximumInFlightBytes = Math.Max(options.MaximumInFlightBytes, mostInFlight);
        foreach (string wrong in options.Validate())
        {
            section.Report("maximumBytes", $"{wrong} Change \"maximumBytes\" or \"segmentBytes\".");
        }
        return options;
    }

    /// <summary>Two durations of which the first may not exceed the second.</summary>
    public static void RequireOrder(ConfigSection section, string first, TimeSpan firstValue, string last, TimeSpan lastValue)
    {
        if (firstValue > lastValue)
        {
            section.Report(last, $"This is less than \"{first}\" ({Duration.Format(firstValue)}). Make it at least as long.");
        }
    }
}
