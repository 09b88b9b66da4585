using System.CommandLine;
using System.Device.I2c;
using System.Globalization;
using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Scanning;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Sensors.Gpio.Simulation;
using EdgeAgent.Sensors.Mqtt;
using EdgeAgent.Sensors.Mqtt.Broker;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent scan</c>: what hardware there is, what of it is recognised, and a configuration of that.</summary>
internal sealed class ScanCommand
{
    private const int LongestListening = 3_600;

    private static readonly Dictionary<string, ScanKind> Kinds =
        Enum.GetValues<ScanKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private readonly Option<string> _configuration = ConfigurationOption.Create();

    private readonly Option<string?> _hardware = new("--hardware")
    {
        Description = "A folder that stands for the running kernel's sys, proc and dev, instead of the one that the configuration names.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _broker = new("--broker")
    {
        Description = "The MQTT broker that is listened to. Default: those of the configuration, else localhost:1883.",
        HelpName = "HOST:PORT",
    };

    private readonly Option<int> _seconds = new("--seconds")
    {
        Description = "How long the broker is listened to.",
        HelpName = "N",
        DefaultValueFactory = static _ => 5,
    };

    private readonly Option<int[]> _buses = new("--bus")
    {
        Description = "Only these I2C buses, by the number N of /dev/i2c-N; also those of a main board, which are left out else.",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _only = new("--only")
    {
        Description = $"What is looked for, of {string.Join(",", Kinds.Keys)}. Default: all.",
        HelpName = "KINDS",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Option<string?> _written = new("--write-config")
    {
        Description = "Write a configuration of what was recognised: that of --config with what it does not have. Never overwrites a file.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var scan = new ScanCommand();
        var command = new Command("scan", "Look what hardware there is. Nothing is changed.")
        {
            scan._configuration, scan._hardware, scan._broker, scan._seconds, scan._buses, scan._only, scan._json, scan._written,
        };
        command.SetAction(scan.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!ConfigurationOption.TryReadIfThere(parsed, _configuration, out AgentConfiguration? configuration))
        {
            return ExitCode.Configuration;
        }
        if (!TryReadScope(parsed, configuration, out List<IScan> scans, out string wrong))
        {
            return CommandOutcome.Fail(parsed, wrong);
        }
        var report = new ScanReport();
        foreach (ScanReport part in await Task.WhenAll(scans.Select(scan => scan.RunAsync(cancellationToken))).ConfigureAwait(false))
        {
            report.Add(part);
        }
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            output.WriteLine(ScanOutput.ToJson(report));
        }
        else
        {
            ScanOutput.Print(output, report);
        }
        return parsed.GetValue(_written) is { } file ? Write(parsed, file, configuration is not null, report) : ExitCode.Success;
    }

    private bool TryReadScope(ParseResult parsed, AgentConfiguration? configuration, out List<IScan> scans, out string wrong)
    {
        scans = [];
        wrong = "";
        var kinds = new HashSet<ScanKind>();
        foreach (string word in (parsed.GetValue(_only) ?? string.Join(',', Kinds.Keys)).Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Kinds.TryGetValue(word, out ScanKind kind))
            {
                wrong = $"\"{word}\" is nothing that can be looked for.{Suggestion.For(word, Kinds.Keys)} Choose from {string.Join(",", Kinds.Keys)}.";
                return false;
            }
            kinds.Add(kind);
        }
        HardwareRoot root = parsed.GetValue(_hardware) is { } folder ? new HardwareRoot(Path.GetFullPath(folder)) : configuration?.Device.Hardware ?? HardwareRoot.Kernel;
        if (!Directory.Exists(root.Folder))
        {
            wrong = $"There is no folder {root.Folder}. Give --hardware a folder that holds sys, proc and dev.";
            return false;
        }
        int seconds = parsed.GetValue(_seconds);
        if (seconds is < 1 or > LongestListening)
        {
            wrong = $"{seconds} is no time to listen to a broker. Give --seconds from 1 to {LongestListening}.";
            return false;
        }
        if (!TryReadBrokers(parsed.GetValue(_broker), configuration, out IReadOnlyList<MqttBrokerOptions> brokers))
        {
            wrong = $"\"{parsed.GetValue(_broker)}\" is no broker. Write HOST:PORT, such as localhost:1883.";
            return false;
        }
        if (parsed.GetValue(_written) is { } file && File.Exists(file))
        {
            wrong = $"{file} is there already and is not overwritten. Give --write-config another name.";
            return false;
        }
        TimeProvider time = TimeProvider.System;
        scans = [.. All().Where(scan => kinds.Contains(scan.Kind))];
        return true;

        IEnumerable<IScan> All()
        {
            yield return new I2cScan(root, parsed.GetValue(_buses) ?? [], I2cBus.Create, configuration?.I2cBuses ?? [], time);
            yield return new GpioScan(new KernelGpio(root), root.At("/dev/gpiochip*"));
            if (configuration?.GpioLines.Any(line => line.Pattern is not null) == true)
            {
                yield return new GpioScan(SimulatedGpio.Of(configuration.GpioLines, time), "simulated GPIO lines");
            }
            yield return ChannelScan.OfIio(root);
            yield return ChannelScan.OfHwmon(root);
            yield return new OneWireScan(root);
            yield return new ThermalScan(root);
            foreach (MqttBrokerOptions broker in brokers)
            {
                yield return new MqttScan(broker, TimeSpan.FromSeconds(seconds), time);
            }
            yield return new HostScan(root, time);
        }
    }

    private static bool TryReadBrokers(string? text, AgentConfiguration? configuration, out IReadOnlyList<MqttBrokerOptions> brokers)
    {
        brokers = configuration?.Brokers ?? [];
        if (text is null && brokers.Count > 0)
        {
            return true;
        }
        bool isAddress = Uri.TryCreate($"{MqttOptionsReader.PlainScheme}://{text ?? "localhost"}", UriKind.Absolute, out Uri? address)
            && address.Host.Length > 0 && address.PathAndQuery is "/" or "";
        if (isAddress)
        {
            address = address!.Port < 0 ? new UriBuilder(address) { Port = MqttOptionsReader.PlainPort }.Uri : address;
            brokers = [new MqttBrokerOptions { Name = address.Authority, Address = address, Rules = [] }];
        }
        return isAddress;
    }

    private int Write(ParseResult parsed, string file, bool hasConfiguration, ScanReport report)
    {
        if (!hasConfiguration)
        {
            return CommandOutcome.Fail(
                parsed, $"{file} was not written: nobody but a configuration knows the cloud and the device's certificate. Give --config with a file that has its section \"cloud\".");
        }
        return CommandOutcome.Run(parsed, () =>
        {
            string existing = Path.GetFullPath(parsed.GetRequiredValue(_configuration));
            byte[] document = Encoding.UTF8.GetBytes(FoundConfiguration.Of(
                File.ReadAllBytes(existing), Path.GetDirectoryName(existing)!, report.Findings, out IReadOnlyList<string> kept) + "\n");
            string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            if (!AgentConfiguration.TryRead(document, file, folder, out _, out IReadOnlyList<ConfigError> errors))
            {
                return CommandOutcome.Fail(parsed, $"{file} was not written, as it would have errors:\n{string.Join('\n', errors)}");
            }
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                // A configuration may hold passwords.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using (var stream = new FileStream(file, options))
            {
                stream.Write(document);
            }
            int entries = report.Findings.Count(finding => finding.Entry is { } entry && !kept.Contains(entry.Section));
            // Not on standard output, where there may be JSON.
            parsed.InvocationConfiguration.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} has {entries} new entries.{Kept(kept)}"));
            return ExitCode.Success;
        });
    }

    private static string Kept(IReadOnlyList<string> sections) =>
        sections.Count == 0 ? "" : $" These sections were there and are as they were: {string.Join(", ", sections)}.";
}
