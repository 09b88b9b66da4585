using EdgeAgent.Clock;
using EdgeAgent.Configuration;
using EdgeAgent.Doctor.Surroundings;
using EdgeAgent.Files;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Sensors;
using EdgeAgent.Uplink.Connecting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Doctor;

/// <summary>The device as all checks see it: what it is told, who runs the agent, and whom to ask.</summary>
internal sealed class ExaminedDevice
{
    /// <summary>As edge-agent.service has it, where nothing else says who the agent is.</summary>
    private const string StandardUser = "edge-agent";

    private readonly Lazy<Task<UnitSettings?>> _unit;
    private readonly Lazy<AgentClock> _clock;

    public ExaminedDevice(string configurationFile, AgentConfiguration? configuration, IReadOnlyList<ConfigError> errors)
    {
        (ConfigurationFile, Configuration, Errors) = (configurationFile, configuration, errors);
        Root = configuration?.Device.Hardware ?? HardwareRoot.Kernel;
        _unit = new Lazy<Task<UnitSettings?>>(() => UnitSettings.ReadAsync(Programs, CancellationToken.None));
        _clock = new Lazy<AgentClock>(() => ClockServices.Create(Known.Clock, Known.Spool, Time, NullLogger<AgentClock>.Instance));
    }

    public string ConfigurationFile { get; }

    /// <summary>What is in force: the device's own file and the revision over it. Null where that cannot be read.</summary>
    public AgentConfiguration? Configuration { get; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ConfigError> Errors { get; }

    /// <summary>The document that is in force, or the own file's where that is wrong; null where it cannot be read at all.</summary>
    public ConfigNode? Document { get; init; }

    /// <summary>What is remembered of revisions; empty where there were none.</summary>
    public RevisionState Revisions { get; init; } = RevisionState.Empty;

    /// <summary>Where sys, proc, dev and etc are.</summary>
    public HardwareRoot Root { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public ProgramOutput Programs { get; init; } = SystemPrograms.RunAsync;

    public NameLookup Names { get; init; } = System.Net.Dns.GetHostAddressesAsync;

    /// <summary>Everything can be looked at.</summary>
    public bool IsRoot { get; init; } = System.Environment.IsPrivilegedProcess;

    /// <summary>The defaults where there is no configuration.</summary>
    public AgentConfiguration Known => Configuration ?? Standard;

    /// <summary>What the agent itself would make of the time.</summary>
    public AgentClock Clock => _clock.Value;

    /// <summary>The process that has the spool open; null where no agent runs.</summary>
    public int? RunningProcess => LockHolder.Of(Root, Known.Spool.Path);

    private static AgentConfiguration Standard { get; } = new() { Spool = new Spooling.SpoolOptions { Path = $"{new DeviceOptions().StateFolder}/spool" } };

    /// <summary>The agent's unit; null where there is no systemd. Asked once.</summary>
    public Task<UnitSettings?> UnitAsync() => _unit.Value;

    /// <summary>Who the agent is: the running process, else the user of the unit, else whose the state is.</summary>
    /// <returns>Null where nobody can say.</returns>
    public async Task<Account?> AgentAccountAsync()
    {
        if (RunningProcess is { } process && Account.OfProcess(Root, process) is { } running)
        {
            return running;
        }
        UnitSettings? unit = await UnitAsync().ConfigureAwait(false);
        string[] further = unit?["SupplementaryGroups"].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string name = unit?["User"] is { Length: > 0 } user ? user
            : FileNode.TryRead(Known.Device.StateFolder) is { } state ? Account.UserName(Root, state.User)
            : StandardUser;
        return Account.TryFind(Root, name, further);
    }
}
