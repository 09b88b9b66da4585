using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Versions;

/// <summary>What a device of an earlier version has on its disk, as the programs of that version wrote it (tests/data/versions/README.md).</summary>
internal sealed class OlderDevice : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OlderDevice(string version)
    {
        string data = Path.Combine(AppContext.BaseDirectory, "data", "versions", version);
        using (var packed = new GZipStream(File.OpenRead(Path.Combine(data, "state.tar.gz")), CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(packed, _folder.Path, overwriteFiles: false);
        }
        File.WriteAllText(Configuration, File.ReadAllText(Configuration).Replace("@WORK@", _folder.Path, StringComparison.Ordinal));
        File.Copy(Path.Combine(data, "every-section.json"), EverySection);
        Expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "expected.json"))).RootElement;
    }

    public string Configuration => _folder["agent.json"];

    /// <summary>A configuration with all sections of that version.</summary>
    public string EverySection => _folder["every-section.json"];

    public string State => _folder["state"];

    public string Spool => _folder["state/spool"];

    public string Export => _folder["readings.csv"];

    /// <summary>What that version itself read there.</summary>
    public JsonElement Expected { get; }

    public void Dispose() => _folder.Dispose();
}
