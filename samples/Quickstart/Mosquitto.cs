using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Samples;

/// <summary>A mosquitto broker of our own on a free loopback port, for <c>--broker mosquitto</c>.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly Process _process;

    private Mosquitto(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <exception cref="QuickstartException">mosquitto is not installed or did not start.</exception>
    public static async Task<Mosquitto> StartAsync(string folder, CancellationToken cancellationToken)
    {
        int port = FreePort();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        // No limits on what is queued for the agent: a sample that drops messages would be a poor one.
        await File.WriteAllTextAsync(
            configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n", cancellationToken);
        Process process;
        try
        {
            // Debian keeps the broker where not every PATH looks.
            string program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
            process = Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            throw new QuickstartException("mosquitto is not installed. Install it (Debian: apt install mosquitto) or leave --broker out.");
        }
        for (int attempt = 0; attempt < 100 && !process.HasExited; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new Mosquitto(process, port);
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
        throw new QuickstartException($"mosquitto did not start: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
