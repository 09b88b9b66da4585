using System.Security.Cryptography;
using EdgeAgent.Testing;

namespace EdgeAgent.Spooling.Tests.Inspection;

/// <summary>A spool in a real folder, as its owner has it, for others to look at.</summary>
internal sealed class SpoolOnDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SpoolOnDisk(ISpoolThinner? thinner = null)
    {
        SpoolOptions options = Rig.Options();
        options.Path = Path;
        options.Thinner = thinner;
        Options = options;
        Spool = Open();
    }

    public SpoolOptions Options { get; }

    public string Path => _folder["spool"];

    public Spool Spool { get; private set; }

    public SpoolQueue Live => Spool[SpoolLane.Live];

    /// <summary>A folder beside it.</summary>
    public string this[string name] => _folder[name];

    public static async Task<SpoolOnDisk> WithRecordsAsync(int count, int bytes = 100)
    {
        var spool = new SpoolOnDisk();
        Rig.Append(spool.Live, count, bytes);
        await spool.Live.CommitAsync();
        return spool;
    }

    public Task CloseAsync() => Spool.DisposeAsync().AsTask();

    public async Task ReopenAsync()
    {
        await CloseAsync();
        Spool = Open();
    }

    /// <summary>Copies every file, as somebody with a card reader would.</summary>
    public string Copy(string name)
    {
        string copy = _folder[name];
        foreach (string file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(copy, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    /// <summary>Every file with its contents, to see that nobody has touched them.</summary>
    public static Dictionary<string, string> Contents(string path) => Directory.GetFiles(path, "*", SearchOption.AllDirectories)
        .Where(static file => System.IO.Path.GetFileName(file) != "lock")
        .ToDictionary(static file => file, static file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private Spool Open() => Spool.Open(Options, TimeProvider.System, Rig.Boot);
}
