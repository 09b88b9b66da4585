using System.Globalization;
using EdgeAgent.Files;
using EdgeAgent.Sensors;
using EdgeAgent.Sensors.Kernel;

namespace EdgeAgent.Doctor.Surroundings;

/// <summary>Who the agent runs as: passwd(5), group(5), and the status of a process, proc_pid_status(5).</summary>
/// <param name="Name">As people know it.</param>
/// <param name="User">The user's number.</param>
/// <param name="Groups">The numbers of all its groups.</param>
internal sealed record Account(string Name, uint User, IReadOnlySet<uint> Groups)
{
    private const UnixFileMode OwnerMay = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode OthersMay = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <returns>Null where there is no such user.</returns>
    public static Account? TryFind(HardwareRoot root, string name, IReadOnlyList<string> furtherGroups)
    {
        string[]? entry = Lines(root, "/etc/passwd").FirstOrDefault(fields => fields[0] == name);
        return entry is { Length: > 3 } && TryNumber(entry[2], out uint user) && TryNumber(entry[3], out uint group)
            ? new Account(name, user, Members(root, name, furtherGroups).Append(group).ToHashSet())
            : null;
    }

    /// <summary>Of a running process, with the groups that its unit added.</summary>
    /// <returns>Null where it is gone.</returns>
    public static Account? OfProcess(HardwareRoot root, int process)
    {
        string? status = KernelText.TryRead(root.At($"/proc/{process}/status"));
        return status is null || Values(status, "Uid:") is not [_, var user, ..] || Values(status, "Gid:") is not [_, var group, ..]
            ? null
            : new Account(NameOf(root, "/etc/passwd", user), user, Values(status, "Groups:").Append(group).ToHashSet());
    }

    /// <summary>Whether it may read and write a file or device, by that one's owner, group and mode.</summary>
    public bool MayUse(FileNode node)
    {
        UnixFileMode wanted = User == node.User ? OwnerMay : Groups.Contains(node.Group) ? GroupMay : OthersMay;
        return User == 0 || (node.Mode & wanted) == wanted;
    }

    /// <summary>What a group is called; its number where nobody named it.</summary>
    public static string GroupName(HardwareRoot root, uint group) => NameOf(root, "/etc/group", group);

    public static string UserName(HardwareRoot root, uint user) => NameOf(root, "/etc/passwd", user);

    private static IEnumerable<uint> Members(HardwareRoot root, string name, IReadOnlyList<string> furtherGroups)
    {
        foreach (string[] fields in Lines(root, "/etc/group"))
        {
            if (fields.Length > 3 && TryNumber(fields[2], out uint number) && (furtherGroups.Contains(fields[0]) || fields[3].Split(',').Contains(name)))
            {
                yield return number;
            }
        }
    }

    private static string NameOf(HardwareRoot root, string file, uint number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        return Lines(root, file).FirstOrDefault(fields => fields.Length > 2 && fields[2] == text)?[0] ?? text;
    }

    private static IEnumerable<string[]> Lines(HardwareRoot root, string file) =>
        (KernelText.TryRead(root.At(file)) ?? "").Split('\n').Select(line => line.Split(':'));

    private static uint[] Values(string status, string key) =>
        [.. status.Split('\n').Where(line => line.StartsWith(key, StringComparison.Ordinal)).Take(1)
            .SelectMany(line => line[key.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(word => TryNumber(word, out _)).Select(word => uint.Parse(word, CultureInfo.InvariantCulture))];

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
