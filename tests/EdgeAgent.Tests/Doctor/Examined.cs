using EdgeAgent.Configuration;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Sensors;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Uplink.Connecting;

namespace EdgeAgent.Tests.Doctor;

/// <summary>A device for checks: a folder stands for its root, and what its programs say is a test's.</summary>
internal sealed class Examined : IDisposable
{
    /// <summary>systemctl's answer for a unit that is as it should be.</summary>
    public const string SoundUnit = """
        LoadState=loaded
        ActiveState=active
        SubState=running
        UnitFileState=enabled
        Type=notify
        User=edge-agent
        SupplementaryGroups=gpio i2c dialout
        Restart=always
        WatchdogUSec=1min
        NRestarts=0
        Result=success
        MemoryMax=100663296
        Environment=DOTNET_GCHeapHardLimit=0x2000000
        NeedDaemonReload=no
        ControlGroup=/system.slice/edge-agent.service
        """;

    public TemporaryFolder Folder { get; } = new();

    public string Root => Folder["root"];

    public void Dispose() => Folder.Dispose();

    /// <summary>Puts a file into the device's root.</summary>
    public Examined With(string path, string content)
    {
        string file = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return this;
    }

    /// <param name="sections">Of the configuration, beside "cloud", "device" and "spool".</param>
    /// <param name="unit">What systemctl show says; null: there is no systemd.</param>
    /// <param name="programs">What other programs say.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="names">What looks names up; null: the resolver.</param>
    /// <param name="time">The clock; null: the machine's.</param>
    public ExaminedDevice Device(string sections = "", string? unit = null, Func<string, string?>? programs = null, Func<string, string?>? environment = null,
        NameLookup? names = null, TimeProvider? time = null)
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Folder["state"]);
        string document = $$"""
            { {{Read.Cloud(Folder)}}, "device": { "hardware": "{{Root}}", "state": "{{Folder["state"]}}" }, "spool": { "path": "{{Folder["state"]}}/spool" }{{(sections.Length > 0 ? ", " : "")}}{{sections}} }
            """;
        File.WriteAllText(Folder["agent.json"], document);
        AgentConfiguration configuration = Read.Sound(Folder, document);
        return new ExaminedDevice(Folder["agent.json"], configuration, [])
        {
            Document = ConfigDocument.Read(System.Text.Encoding.UTF8.GetBytes(document), new ConfigErrors("")),
            Root = new HardwareRoot(Root),
            IsRoot = true,
            Time = time ?? TimeProvider.System,
            Names = names ?? System.Net.Dns.GetHostAddressesAsync,
            Environment = environment ?? (static _ => null),
            Programs = (program, arguments, _) => Task.FromResult(
                program == "systemctl" && arguments[0] == "show" ? unit : programs?.Invoke($"{program} {string.Join(' ', arguments)}")),
        };
    }

    public static async Task<IReadOnlyList<Diagnosis>> RunAsync(IDoctorCheck check) => await check.RunAsync(CancellationToken.None);

    public static Account AccountOf(uint user, params uint[] groups) => new("somebody", user, groups.ToHashSet());
}
