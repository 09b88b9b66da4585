namespace EdgeAgent.Doctor.Surroundings;

/// <summary>The file system that a folder is on: proc_pid_mountinfo(5).
/// <code>line := id parent major:minor root mountpoint options { optional } "-" type source superoptions</code></summary>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">"ext4".</param>
/// <param name="Device">"179:2", major and minor number.</param>
/// <param name="Options">Of the mount and of the file system.</param>
internal sealed record Mount(string Point, string Type, string Device, IReadOnlyList<string> Options)
{
    /// <summary>The deepest mount point above the folder; of several on the same one the last, which hides the others.</summary>
    public static Mount? Find(string mountInfo, string folder)
    {
        Mount? found = null;
        foreach (string line in mountInfo.Split('\n'))
        {
            string[] words = line.Split(' ');
            int dash = Array.IndexOf(words, "-");
            if (dash < 6 || dash + 3 >= words.Length)
            {
                continue;
            }
            // The kernel writes a space in a path as \040.
            string point = words[4].Replace("\\040", " ", StringComparison.Ordinal);
            bool isAbove = point == "/" || folder == point || folder.StartsWith(point + "/", StringComparison.Ordinal);
            if (isAbove && point.Length >= (found?.Point.Length ?? 0))
            {
                found = new Mount(point, words[dash + 1], words[2], [.. words[5].Split(','), .. words[dash + 3].Split(',')]);
            }
        }
        return found;
    }
}
