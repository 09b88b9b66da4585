using System.Net;

namespace EdgeAgent.LocalStatus;

/// <summary>Where the agent tells how it does to whoever stands before the device. Section <c>local</c> of the device's own file.</summary>
internal sealed record LocalOptions
{
    /// <summary>The name of the socket's file.</summary>
    public const string SocketName = "status.sock";

    /// <summary>
    /// The Unix socket that <c>edge-agent status</c> asks, for root, the agent's user and its group (mode 0660). Default status.sock in the folder that systemd gives
    /// the agent (RUNTIME_DIRECTORY), and without one in <c>device.state</c>.
    /// </summary>
    public string? Socket { get; init; }

    /// <summary>Address and port of the metrics and the page. Default null, none: whoever has no use for it should have no port open.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>
    /// Whether <see cref="Listen"/> may be an address that other machines reach. Default false: nobody is asked for a password, so everybody in that network may look.
    /// </summary>
    public bool BeyondDevice { get; init; }

    /// <summary>Whether there are metrics for Prometheus at /metrics. Default true: for them the port is opened in most places.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Whether there is the page at /, and /status, which it reads. Default false: it shows readings, metrics do not.</summary>
    public bool Page { get; init; }

    /// <summary>Where the socket is.</summary>
    /// <param name="stateFolder">The agent's.</param>
    /// <param name="runtimeDirectory">What the environment says.</param>
    public string SocketPath(string stateFolder, string? runtimeDirectory) =>
        // systemd.exec(5): several folders are separated by colons.
        Socket ?? Path.Combine(runtimeDirectory?.Split(':')[0] is { Length: > 0 } folder ? folder : stateFolder, SocketName);
}
