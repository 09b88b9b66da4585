namespace EdgeAgent.Ingestion.Hosting;

/// <summary>A PostgreSQL server that keeps readings and all else, instead of the embedded database. Section <c>postgres</c> of the configuration.</summary>
internal sealed class PostgresOptions
{
    /// <summary>
    /// Where it is, as Npgsql writes it: "Host=db;Database=edge;Username=edge;Password=…;SSL Mode=VerifyFull". Default null: the embedded database. A user's
    /// password belongs into <see cref="ConnectionFile"/>, which fewer may read.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>The same as the content of a file, such as a systemd credential.</summary>
    public string? ConnectionFile { get; set; }

    /// <summary>How long a statement may take. Default 30 s: a commit on a busy disk takes a second.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public bool IsUsed => Connection is not null || ConnectionFile is not null;
}
