namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What must hold for the section <c>identity</c>, and for the certificates beside it.</summary>
internal static class IdentityOptionsRules
{
    public static void Check(IngestionOptions options, List<ConfigurationProblem> problems)
    {
        IdentityOptions identity = options.Identity;
        CheckPair(
            ("certificateFile", options.CertificateFile), ("keyFile", options.KeyFile),
            "Name both, or none: then the service issues itself a certificate for identity.serverNames.", problems);
        CheckPair(
            ("identity/authorityFile", identity.AuthorityFile), ("identity/authorityKeyFile", identity.AuthorityKeyFile),
            "Name both, or none: then the service makes an authority.", problems);
        CheckFile("clientAuthorityFile", options.ClientAuthorityFile, problems);
        CheckFile("identity/passphraseFile", identity.PassphraseFile, problems);
        CheckFile("identity/jwt/keysFile", identity.Jwt.KeysFile, problems);
        if (identity.Jwt.KeysFile is not null)
        {
            CheckSet("identity/jwt/issuer", identity.Jwt.Issuer, problems);
            CheckSet("identity/jwt/audience", identity.Jwt.Audience, problems);
            CheckSet("identity/jwt/deviceClaim", identity.Jwt.DeviceClaim, problems);
        }
        foreach (string unusable in identity.ServerNames.Where(name => Uri.CheckHostName(name) == UriHostNameType.Unknown))
        {
            problems.Add(new("/identity/serverNames", $"\"{unusable}\" is no name of a host.", "Write DNS names and addresses, without port and scheme."));
        }
        IngestionOptionsRules.CheckDuration("/identity/deviceLifetime", identity.DeviceLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366), problems);
        IngestionOptionsRules.CheckDuration("/identity/grace", identity.Grace, TimeSpan.Zero, TimeSpan.FromDays(366), problems);
        if (identity.HandshakesPerSecond is < 1 or > 100_000)
        {
            problems.Add(new(
                "/identity/handshakesPerSecond", $"{identity.HandshakesPerSecond} is out of range.", "Set it from 1 to 100000, or leave it out for the default."));
        }
    }

    private static void CheckPair((string Setting, string? Path) one, (string Setting, string? Path) other, string remedy, List<ConfigurationProblem> problems)
    {
        foreach (((string setting, string? path), bool isOtherSet) in (((string, string?), bool)[])[(one, other.Path is not null), (other, one.Path is not null)])
        {
            if (path is null && isOtherSet)
            {
                problems.Add(new($"/{setting}", "It is not set.", remedy));
            }
            CheckFile(setting, path, problems);
        }
    }

    private static void CheckFile(string setting, string? path, List<ConfigurationProblem> problems)
    {
        if (path is not null && !File.Exists(path))
        {
            problems.Add(new($"/{setting}", $"There is no file {path}.", "Correct the path, or see that the service may read the folder."));
        }
    }

    private static void CheckSet(string setting, string? value, List<ConfigurationProblem> problems)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add(new($"/{setting}", "It is not set.", "Set it: without it tokens that were meant for others would count here."));
        }
    }
}
