using System.Net.Sockets;

namespace EdgeAgent.LocalStatus;

/// <summary>Takes the place of a Unix socket in the file system. One that a process left behind is replaced; one that somebody listens on is not.</summary>
internal static class UnixSocketFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <returns>A socket that listens.</returns>
    /// <exception cref="IOException">Something else has that place, or the folder cannot be had.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    /// <exception cref="SocketException">The kernel refuses it.</exception>
    /// <exception cref="ArgumentException">The path is too long.</exception>
    public static Socket Listen(string path)
    {
        var endpoint = new UnixDomainSocketEndPoint(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            Clear(path, endpoint);
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            // Nobody could connect in between: that takes the right to write, and no sensible umask leaves it to others.
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Mode);
            }
            socket.Listen(LocalListener.Queue);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Clear(string path, UnixDomainSocketEndPoint endpoint)
    {
        if (new FileInfo(path).Length > 0)
        {
            throw new IOException($"{path} is a file and no socket.");
        }
        using var question = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            question.Connect(endpoint);
        }
        catch (SocketException nobody) when (nobody.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        throw new IOException($"Another process listens on {path}: is the agent running twice?");
    }
}
