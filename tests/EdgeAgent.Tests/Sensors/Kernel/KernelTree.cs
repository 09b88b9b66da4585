using EdgeAgent.Sensors;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Kernel;

/// <summary>Files as the kernel shows them, in a folder.</summary>
internal sealed class KernelTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HardwareRoot Root => new(_folder.Path);

    public string this[string path] => Root.At(path);

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a file in place, as the kernel changes what a file says while it is open.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text + "\n");
    }

    public void Write(string folder, params ReadOnlySpan<(string File, string Text)> files)
    {
        foreach ((string file, string text) in files)
        {
            Write($"{folder}/{file}", text);
        }
    }

    /// <summary>A folder that stands in two places, as all devices do: where it is on its bus, and in the folder of its kind.</summary>
    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        Directory.CreateSymbolicLink(this[path], this[target]);
    }

    public void Remove(string path) => Directory.Delete(this[path], recursive: true);

    public string Read(string path) => File.ReadAllText(this[path]).Trim();

    /// <summary>A file whose reader waits for a writer.</summary>
    public async Task MakePipeAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        (int exitCode, string output) = await ForeignProcess.RunAsync("mkfifo", [this[path]], TimeSpan.FromMinutes(1));
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Both ends of a pipe, so that opening it waits for nobody.</summary>
    public FileStream OpenPipe(string path) => new(this[path], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
}
