using System.Diagnostics;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Disks;

/// <summary>A real file system of its own, so small or so broken as a test wants it. Mounting takes root.</summary>
internal sealed class TestDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string? _loop;
    private bool _isMounted;

    private TestDisk()
    {
        Directory.CreateDirectory(Path);
        Directory.CreateDirectory(_folder["below"]);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder["disk"];

    /// <summary>In memory, with so many bytes.</summary>
    public static TestDisk InMemory(int mebibytes)
    {
        var disk = new TestDisk();
        Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "none", disk.Path);
        disk._isMounted = true;
        return disk;
    }

    /// <summary>ext4 in a sparse file on a file system in memory. It remounts itself read-only at an error, as the root of a board does.</summary>
    /// <param name="mebibytes">What it claims to have.</param>
    /// <param name="backedMebibytes">What is really there: where that is used up, writes fail with EIO.</param>
    public static TestDisk Ext4(int mebibytes, int backedMebibytes)
    {
        var disk = new TestDisk();
        Run("mount", "-t", "tmpfs", "-o", $"size={backedMebibytes}m", "none", disk._folder["below"]);
        using (FileStream image = File.Create(disk._folder["below/image"]))
        {
            image.SetLength(mebibytes * 1024L * 1024);
        }
        disk._loop = Run("losetup", "-f", "--show", disk._folder["below/image"]).Trim();
        Run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-E", "nodiscard", disk._loop);
        disk.Mount();
        return disk;
    }

    public void Mount()
    {
        Run("mount", "-o", "errors=remount-ro", _loop!, Path);
        _isMounted = true;
    }

    public void Unmount()
    {
        Run("umount", Path);
        _isMounted = false;
    }

    /// <summary>Whoever writes to it, or syncs it, hangs in the kernel until what is returned is disposed of: a card that does not answer.</summary>
    public IDisposable Freeze()
    {
        Run("fsfreeze", "-f", Path);
        return new Frozen(Path);
    }

    /// <summary>Makes the kernel believe that the file system is damaged. Mounting it again mends that.</summary>
    public void BecomeReadOnly() => File.WriteAllText($"/sys/fs/ext4/{System.IO.Path.GetFileName(_loop)}/trigger_fs_error", "test");

    /// <summary>Takes what room is left, or is left beneath the disk.</summary>
    /// <param name="isBeneath">Of the memory that backs it.</param>
    public void Fill(bool isBeneath = false)
    {
        using FileStream filler = File.Create(Filler(isBeneath));
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                RandomAccess.Write(filler.SafeFileHandle, page, filler.Length);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Free(bool isBeneath = false) => File.Delete(Filler(isBeneath));

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "-l", Path);
        }
        if (_loop is not null)
        {
            Run("losetup", "-d", _loop);
            Run("umount", "-l", _folder["below"]);
        }
        _folder.Dispose();
    }

    private string Filler(bool isBeneath) => isBeneath ? _folder["below/filler"] : System.IO.Path.Combine(Path, "filler");

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(InstalledFactAttribute.Find(program)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        // Whatever it might ask, nobody answers.
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
    }

    private sealed class Frozen(string path) : IDisposable
    {
        public void Dispose() => Run("fsfreeze", "-u", path);
    }
}
