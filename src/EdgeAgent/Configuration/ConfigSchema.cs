using System.IO.Compression;

namespace EdgeAgent.Configuration;

/// <summary>The JSON schema of the configuration file (draft 2020-12), carried in the program so that it always fits.</summary>
internal static class ConfigSchema
{
    private const string Resource = "agent.schema.json.gz";

    public static string Read()
    {
        using Stream stream = typeof(ConfigSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without {Resource}.");
        using var text = new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new StreamReader(text);
        return reader.ReadToEnd();
    }
}
