using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Disks;

/// <summary>A test on a <see cref="TestDisk"/>. Skipped by name where this process may not mount, or a program is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> ReasonToSkip = new(FindReason);

    public MountFactAttribute() => Skip = ReasonToSkip.Value;

    private static string? FindReason()
    {
        string[] missing = [.. new[] { "mount", "umount", "losetup", "mkfs.ext4", "fsfreeze" }.Where(program => InstalledFactAttribute.Find(program) is null)];
        if (missing.Length > 0)
        {
            return $"not installed: {string.Join(", ", missing)}";
        }
        try
        {
            using TestDisk disk = TestDisk.Ext4(4, 4);
            return null;
        }
        catch (Exception refused) when (refused is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return $"this process may not mount: {refused.Message.Trim()}";
        }
    }
}
