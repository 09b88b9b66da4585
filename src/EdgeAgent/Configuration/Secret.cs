namespace EdgeAgent.Configuration;

/// <summary>
/// A password: where it comes from, and never what it is. Read anew each time it is used, so that a changed file needs no
/// restart.
/// <code>
/// secret := { "file": path } | { "environment": name } | { "value": text }
/// </code>
/// </summary>
internal sealed class Secret
{
    private readonly Func<string> _reveal;

    private Secret(string origin, Func<string> reveal)
    {
        Origin = origin;
        _reveal = reveal;
    }

    /// <summary>Where it comes from, for people: <c>file /run/credentials/mqtt</c>.</summary>
    public string Origin { get; }

    public static Secret OfValue(string value) => new("the configuration", () => value);

    /// <exception cref="IOException">The file is gone.</exception>
    public string Reveal() => _reveal();

    public override string ToString() => $"(secret from {Origin})";

    /// <param name="parent">The section with the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="mayBeMissing">File or variable need not be there: a secret that is used once, and taken away then.</param>
    /// <returns>Null where the key is missing or wrong.</returns>
    public static Secret? Read(ConfigSection parent, string key, bool mayBeMissing = false)
    {
        if (parent.OptionalSection(key) is not { } section)
        {
            return null;
        }
        string? file = mayBeMissing ? section.File("file") : section.ExistingFile("file");
        string? environment = section.Text("environment");
        string? value = section.Text("value");
        switch (file, environment, value)
        {
            case ({ } path, null, null):
                // Editors end a file with a newline, which is no part of a password.
                return new Secret($"file {path}", () => File.ReadAllText(path).TrimEnd('\r', '\n'));
            case (null, { } name, null):
                if (!mayBeMissing && Environment.GetEnvironmentVariable(name) is null)
                {
                    section.Report("environment", $"The environment has no variable {name}. Set it for the service or use \"file\".");
                }
                return new Secret($"environment variable {name}", () => Environment.GetEnvironmentVariable(name) ?? "");
            case (null, null, { } text):
                return OfValue(text);
            default:
                parent.Report(key, "A secret comes from one place. Give exactly one of \"file\", \"environment\" and \"value\".");
                return null;
        }
    }
}
