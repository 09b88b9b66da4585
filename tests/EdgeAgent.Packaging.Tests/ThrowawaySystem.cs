using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>
/// This machine's Debian with a layer over it that is thrown away: what dpkg and maintainer scripts do to it is real, and nobody else sees it. Needs root, and a kernel
/// that gives it a mount namespace of its own and an overlay file system.
/// </summary>
internal static class ThrowawaySystem
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Found out at the first question, and not while the type is made: another thread of it would wait for that.</summary>
    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <summary>Null where there can be one.</summary>
    public static string? ReasonToSkip => Reason.Value;

    /// <param name="script">Run by sh as root in it, each command having to succeed. The packages lie in /packages; /calls takes what the stand-ins for systemd's programs are asked.</param>
    /// <param name="packages">Packages that it gets.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(string script, params string[] packages)
    {
        using var folder = new TemporaryFolder();
        string files = Path.Combine(folder.Path, "files");
        Directory.CreateDirectory(files);
        foreach (string package in packages)
        {
            File.Copy(package, Path.Combine(files, Path.GetFileName(package)));
        }
        await File.WriteAllTextAsync(Path.Combine(files, "script"), script);
        string layer = Path.Combine(folder.Path, "layer");
        Directory.CreateDirectory(layer);
        // The layer is in memory: dpkg syncs each file, and nothing of it is to last.
        string enter = $"""
            mount -t tmpfs none '{layer}' && cd '{layer}' && mkdir upper work root &&
            mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work root &&
            mkdir root/packages && cp '{files}'/* root/packages && mount -t proc none root/proc && mount -t tmpfs none root/run &&
            exec chroot root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -eu /packages/script
            """;
        return await ForeignProcess.RunAsync("unshare", ["--mount", "--propagation", "private", "sh", "-c", enter], Patience);
    }

    private static string? FindReason() =>
        !Environment.IsPrivilegedProcess ? "not root"
        : ((string[])["unshare", "dpkg", "adduser"]).FirstOrDefault(static program => InstalledFactAttribute.Find(program) is null) is { } missing ? $"not installed: {missing}"
        : Task.Run(static () => RunAsync("true")).GetAwaiter().GetResult() is (not 0, var output) ? $"the kernel gives no overlay: {output.Trim()}"
        : null;
}
