namespace EdgeAgent.Packaging;

/// <summary>
/// What is to be packed. On the command line, each once and in any order:
/// <code>
/// arguments := 8*( "--" NAME SP VALUE )
/// </code>
/// </summary>
/// <param name="Program">edge-agent or edge-ingestion: the name of the program, of its package, and of the folder beside this project that says what is in them.</param>
/// <param name="Version">Of the product, by semantic versioning.</param>
/// <param name="Rid">The runtime identifier, such as linux-x64.</param>
/// <param name="Published">The folder with the published program.</param>
/// <param name="Repository">The root of the repository.</param>
/// <param name="Assets">project.assets.json of the program: which NuGet packages it was made of.</param>
/// <param name="Packs">The folders of the runtime packs that it was made of.</param>
/// <param name="Time">What every file in an archive says of its age, so that the same files make the same archive.</param>
/// <param name="Output">The folder for what is made.</param>
internal sealed record PackageRequest(
    string Program, string Version, string Rid, string Published, string Repository, string Assets, IReadOnlyList<string> Packs, DateTimeOffset Time, string Output)
{
    /// <exception cref="ArgumentException">One is missing, twice there, or unknown.</exception>
    public static PackageRequest Parse(string[] arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i + 1 < arguments.Length; i += 2)
        {
            given.Add(arguments[i], arguments[i + 1]);
        }
        var request = new PackageRequest(
            Take("--program"), Take("--version"), Take("--rid"), Take("--published"), Take("--repository"), Take("--assets"),
            Take("--packs").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(Take("--time"), System.Globalization.CultureInfo.InvariantCulture)), Take("--output"));
        return given.Count == 0 ? request : throw new ArgumentException($"{given.Keys.First()} is unknown.");

        string Take(string name) => given.Remove(name, out string? value) ? value : throw new ArgumentException($"{name} is missing.");
    }

    /// <summary>Where the layouts and texts of this program lie.</summary>
    public string Folder => Path.Combine(Repository, "deploy", "packaging", Program);

    /// <summary>The architecture by Debian's name, or null: Debian has none with this C library.</summary>
    public string? Architecture => Rid switch
    {
        "linux-x64" => "amd64",
        "linux-arm64" => "arm64",
        "linux-arm" => "armhf",
        _ => null,
    };

    /// <summary>The groups that the program's user joins, for the hardware that it reads.</summary>
    public string Groups => Program == "edge-agent" ? "gpio i2c dialout" : "";

    /// <summary>The version by Debian's rules: what comes before a release sorts before it.</summary>
    public string DebianVersion => Version.Replace('-', '~');
}
