using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeAgent.Supervision;

/// <summary>
/// Tells the supervisor of this process what it should know, in the protocol of sd_notify(3): one datagram of UTF-8 to the Unix socket that the environment
/// names. One file for both programs.
/// <code>
/// datagram      := assignment { LF assignment }
/// assignment    := NAME "=" value
///                | "READY=1"                     started, or reloaded: what was asked for is done
///                | "RELOADING=1" LF "MONOTONIC_USEC=" digits      begins to reload; the time orders it with the signal that asked for it (systemd 253)
///                | "STOPPING=1"                  drains
///                | "EXTEND_TIMEOUT_USEC=" digits how long that may take, where it is longer than the unit says
///                | "WATCHDOG=1"                  is alive; see Watchdog
///                | "STATUS=" text                what `systemctl status` shows
/// NOTIFY_SOCKET := path | "@" name               "@" is an abstract socket
/// </code>
/// </summary>
internal sealed class SupervisorSocket(string? address) : IDisposable
{
    private readonly Lock _gate = new();
    private Socket? _socket;

    public static SupervisorSocket FromEnvironment() => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>Shows a text of one line.</summary>
    public NoticeOutcome TellStatus(string text) => Tell(Status(text));

    /// <summary>The process does what it is for, after its start or after a reload.</summary>
    public NoticeOutcome TellReady(string status) => Tell($"READY=1\n{Status(status)}");

    /// <summary>A reload begins. <see cref="TellReady"/> must follow, whatever comes of it.</summary>
    public NoticeOutcome TellReloading(string status)
    {
        // CLOCK_MONOTONIC on Linux, which is what systemd compares with, whatever clock the rest of the program is given.
        long microseconds = (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
        return Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}\n{Status(status)}"));
    }

    /// <summary>The process ends in order.</summary>
    /// <param name="within">What that may take. Counts where it is more than the unit gives.</param>
    /// <param name="status">Shown meanwhile.</param>
    public NoticeOutcome TellStopping(TimeSpan within, string status) =>
        Tell(string.Create(CultureInfo.InvariantCulture, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={(long)within.TotalMicroseconds}\n{Status(status)}"));

    /// <summary>Everything that has to move moves. Allocates nothing once it has been called.</summary>
    public NoticeOutcome Beat() => Send("WATCHDOG=1"u8);

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private static string Status(string text) => $"STATUS={text.ReplaceLineEndings(" ")}";

    private NoticeOutcome Tell(string datagram) => string.IsNullOrEmpty(address) ? NoticeOutcome.NoSupervisor : Send(Encoding.UTF8.GetBytes(datagram));

    private NoticeOutcome Send(ReadOnlySpan<byte> datagram)
    {
        if (string.IsNullOrEmpty(address))
        {
            return NoticeOutcome.NoSupervisor;
        }
        lock (_gate)
        {
            try
            {
                _socket ??= Connect(address);
                _socket.Send(datagram);
                return NoticeOutcome.Sent;
            }
            catch (Exception failure) when (failure is SocketException or ArgumentException)
            {
                // A supervisor that was started again listens on a new socket of the same name.
                Close();
                return NoticeOutcome.Unreachable;
            }
        }
    }

    private static Socket Connect(string address)
    {
        // .NET wants the byte 0 of an abstract name as it is.
        var endpoint = new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
