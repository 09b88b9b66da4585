using System.Globalization;
using System.Net;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>
/// Who listens at a TCP port: proc_pid_net(5) has the sockets by inode, and /proc/PID/fd whose they are.
/// <code>line := n ":" address ":" port address ":" port state … uid timeout inode …          port and state in hexadecimal digits, 0A listens</code>
/// </summary>
/// <param name="Process">Null where this user may not see it.</param>
/// <param name="Program">Its name; empty where that is not known.</param>
internal sealed record ListeningPort(int? Process, string Program)
{
    private const string Listening = "0A";
    private const int State = 3, Inode = 9;

    /// <returns>Null where nobody does.</returns>
    public static ListeningPort? Find(HardwareRoot root, IPEndPoint endPoint)
    {
        HashSet<string> sockets = [.. Tables(root).SelectMany(table => Inodes(table, endPoint.Port)).Select(inode => $"socket:[{inode}]")];
        if (sockets.Count == 0)
        {
            return null;
        }
        foreach (string process in KernelText.Entries(root.At("/proc"), "*").Where(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            if (KernelText.Entries(Path.Join(process, "fd"), "*").Any(descriptor => sockets.Contains(TryReadLink(descriptor) ?? "")))
            {
                return new ListeningPort(int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture), KernelText.TryRead(Path.Join(process, "comm")) ?? "");
            }
        }
        return new ListeningPort(null, "");
    }

    private static IEnumerable<string> Tables(HardwareRoot root) =>
        ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Select(path => KernelText.TryRead(root.At(path)) ?? "");

    public static IEnumerable<string> Inodes(string table, int port)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (string line in table.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > Inode && words[1].EndsWith(wanted, StringComparison.Ordinal) && words[State] == Listening)
            {
                yield return words[Inode];
            }
        }
    }

    private static string? TryReadLink(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
