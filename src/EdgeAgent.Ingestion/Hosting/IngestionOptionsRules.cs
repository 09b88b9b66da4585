using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Identity;
using Npgsql;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>What must hold before the service starts. Everything that is wrong is reported together.</summary>
internal static class IngestionOptionsRules
{
    public static void Check(IngestionOptions options, List<ConfigurationProblem> problems)
    {
        IdentityOptionsRules.Check(options, problems);
        if (string.IsNullOrWhiteSpace(options.Data))
        {
            problems.Add(new("/data", "It is empty.", "Name the folder of the database, such as /var/lib/edge-ingestion."));
        }
        if (options.Listen.Port != 0 && options.Listen.Port == options.Web.Port)
        {
            problems.Add(new("/web", $"It has the port of /listen, {options.Web.Port}.", "Give each its own."));
        }
        WebAccessRules.Check(options.Web, options.WebAccess, problems);

        CheckPostgres(options.Postgres, problems);
        foreach (string unusable in options.Proxies.Where(name => !DeviceName.IsValid(name)))
        {
            problems.Add(new("/proxies", $"\"{unusable}\" cannot name a proxy.", "Use 1 to 64 letters, digits, '.', '_' and '-', as in its certificate."));
        }

        CheckDuration("/reportWithin", options.ReportWithin, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), problems);
        IngestOptions ingest = options.Ingest;
        CheckNumber("/ingest/maximumMessageBytes", ingest.MaximumMessageBytes, 64 * 1024, 16 * 1024 * 1024, problems);
        CheckNumber("/ingest/maximumRecordReadings", ingest.MaximumRecordReadings, 1, 1_000_000, problems);
        CheckNumber("/ingest/flushReadings", ingest.FlushReadings, 1, 1_000_000, problems);
        CheckNumber("/ingest/flushBytes", ingest.FlushBytes, 1, 64 * 1024 * 1024, problems);
        CheckNumber("/ingest/maximumSessions", ingest.MaximumSessions, 1, 100_000, problems);
        CheckNumber("/ingest/maximumSessionsPerDevice", ingest.MaximumSessionsPerDevice, 1, 1_000, problems);
        CheckNumber("/ingest/maximumConnectionsPerAddress", ingest.MaximumConnectionsPerAddress, 1, 1_000_000, problems);
        CheckNumber("/ingest/queueLength", ingest.QueueLength, 1, 10_000, problems);
        CheckNumber("/ingest/rateBytesPerSecond", ingest.RateBytesPerSecond, 0, long.MaxValue, problems);
        CheckNumber("/configs/maximumDocumentBytes", options.Configs.MaximumDocumentBytes, 1024, RevisionMaking.MaximumBytes, problems);
        CheckNumber("/configs/maximumWatches", options.Configs.MaximumWatches, 1, 1_000_000, problems);
        CheckNumber("/configs/keptReports", options.Configs.KeptReports, 1, 10_000, problems);
        CheckDuration("/ingest/predecessorWait", ingest.PredecessorWait, TimeSpan.Zero, TimeSpan.FromMinutes(5), problems);
        CheckDuration("/ingest/queueWait", ingest.QueueWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5), problems);
        CheckDuration("/ingest/pingAfter", ingest.PingAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        CheckDuration("/ingest/firstCallWithin", ingest.FirstCallWithin, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), problems);
        CheckDuration("/ingest/idleTimeout", ingest.IdleTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), problems);
        CheckDuration("/ingest/sessionTimeout", ingest.SessionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        CheckDuration("/ingest/backlogStartAfter", ingest.BacklogStartAfter, TimeSpan.Zero, TimeSpan.FromDays(1), problems);
        CheckDuration("/ingest/retrySpread", ingest.RetrySpread, TimeSpan.Zero, TimeSpan.FromDays(1), problems);
        CheckDuration("/ingest/storeProbe", ingest.StoreProbe, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), problems);
    }

    private static void CheckPostgres(PostgresOptions postgres, List<ConfigurationProblem> problems)
    {
        if (postgres is { Connection: not null, ConnectionFile: not null })
        {
            problems.Add(new("/postgres/connection", "There is a /postgres/connectionFile too.", "Keep one of them."));
        }
        if (postgres.ConnectionFile is { } file && !File.Exists(file))
        {
            problems.Add(new("/postgres/connectionFile", $"There is no file {file}.", "Correct the path, or see that the service may read the folder."));
        }
        else if (postgres.IsUsed)
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder(postgres.Connection ?? File.ReadAllText(postgres.ConnectionFile!).Trim());
            }
            catch (Exception failure) when (failure is ArgumentException or IOException or UnauthorizedAccessException)
            {
                // What Npgsql complains of is a key's name or number, never a password.
                problems.Add(new("/postgres/connection", failure.Message, "Write it as \"Host=db;Database=edge;Username=edge;SSL Mode=VerifyFull\"."));
            }
        }
        CheckDuration("/postgres/statementTimeout", postgres.StatementTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), problems);
    }

    private static void CheckNumber(string setting, long value, long least, long most, List<ConfigurationProblem> problems)
    {
        if (value < least || value > most)
        {
            problems.Add(
                new(setting, $"{value} is out of range.", $"Set it from {least} to {most}, or leave it out for the default."));
        }
    }

    public static void CheckDuration(string setting, TimeSpan value, TimeSpan least, TimeSpan most, List<ConfigurationProblem> problems)
    {
        if (value < least || value > most)
        {
            problems.Add(new(
                setting, $"{value.TotalSeconds} s is out of range.",
                $"Set it from {least.TotalSeconds} s to {most.TotalSeconds} s, or leave it out for the default."));
        }
    }
}
