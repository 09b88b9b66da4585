using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity.Authority;

/// <summary>A root that is trusted, and its key where this instance has it.</summary>
/// <param name="Number">Its generation; <see cref="Configured"/>: it is that of the configuration's files.</param>
/// <param name="Root">The certificate.</param>
/// <param name="Signer">Null: the key is on another machine.</param>
internal sealed record AuthorityGeneration(long Number, X509Certificate2 Root, SigningAuthority? Signer)
{
    public const long Configured = 0;
}

/// <summary>How the end of a rollover, or its beginning, went.</summary>
internal enum RolloverOutcome
{
    Done,

    /// <summary>There are two already: finish first.</summary>
    RunsAlready,

    /// <summary>There is one only: nothing is to be finished.</summary>
    NothingToFinish,

    /// <summary>Devices still have certificates of the older one and would be locked out. Wait, or force it.</summary>
    DevicesLeft,

    /// <summary>The authority is in configured files: replace those.</summary>
    IsConfigured,
}

/// <summary>
/// The authorities that the service has: one, or two while one takes over from the other. The newest one signs devices; the oldest one signs the service, because
/// there are devices that do not know the newer root yet.
/// </summary>
internal sealed partial class Authorities
{
    private readonly AuthorityFolder _folder;
    private readonly AuthorityGeneration? _configured;
    private readonly ControlDatabase _control;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile AuthorityGeneration[] _generations = [];

    /// <summary>Makes the first one where there is none.</summary>
    /// <exception cref="InvalidDataException">What is there cannot be used.</exception>
    public Authorities(IngestionOptions options, ControlDatabase control, TimeProvider time, ILogger<Authorities> logger)
    {
        (_control, _time, _logger) = (control, time, logger);
        _folder = new AuthorityFolder(options.Data, options.Identity.PassphraseFile);
        if (options.Identity.AuthorityFile is { } file)
        {
            var signer = SigningAuthority.Load(file, options.Identity.AuthorityKeyFile!, options.Identity.PassphraseFile);
            _configured = new AuthorityGeneration(AuthorityGeneration.Configured, signer.Root, signer);
        }
        Use(control.Change(session =>
        {
            IReadOnlyList<AuthorityRecord> trusted = AuthorityRecords.Trusted(session);
            return trusted.Count > 0 || _configured is not null ? trusted : [Add(session)];
        }));
        if (Issuing is null)
        {
            throw new InvalidDataException(
                $"The key of the authority is not in {Path.Combine(options.Data, "authority")}. Copy that folder from the machine that made it, or configure identity.authorityFile.");
        }
    }

    /// <summary>Oldest first; the configured one is the newest.</summary>
    public IReadOnlyList<AuthorityGeneration> All => _generations;

    /// <summary>Who signs devices; null where all keys are on other machines.</summary>
    public AuthorityGeneration? Issuing => _generations.LastOrDefault(static generation => generation.Signer is not null);

    /// <summary>Who signs the service.</summary>
    public AuthorityGeneration? Serving => _generations.FirstOrDefault(static generation => generation.Signer is not null);

    /// <summary>Takes what is stored: another instance may have begun or finished a rollover.</summary>
    public void Use(IReadOnlyList<AuthorityRecord> trusted)
    {
        AuthorityGeneration[] known = _generations;
        if (known.Where(static generation => generation.Number != AuthorityGeneration.Configured).Select(static generation => generation.Number)
            .SequenceEqual(trusted.Select(static record => record.Generation)) && known.Length > 0)
        {
            return;
        }
        AuthorityGeneration[] own = [.. trusted.Select(record =>
            known.FirstOrDefault(generation => generation.Number == record.Generation)
            ?? new AuthorityGeneration(record.Generation, X509CertificateLoader.LoadCertificate(record.Root), Load(record.Generation)))];
        _generations = _configured is null ? own : [.. own, _configured];
    }

    /// <summary>Begins a rollover: the new authority signs from now on.</summary>
    public RolloverOutcome Roll(string author)
    {
        if (_configured is not null)
        {
            return RolloverOutcome.IsConfigured;
        }
        RolloverOutcome outcome = _control.Change(session =>
        {
            if (AuthorityRecords.Trusted(session).Count > 1)
            {
                return RolloverOutcome.RunsAlready;
            }
            Add(session);
            return RolloverOutcome.Done;
        });
        if (outcome == RolloverOutcome.Done)
        {
            Use(_control.Read(AuthorityRecords.Trusted));
            Log.Rolled(_logger, author, Issuing!.Root.Subject);
        }
        return outcome;
    }

    /// <summary>Ends it: what the older ones have signed counts no more.</summary>
    /// <param name="author">Who wants it.</param>
    /// <param name="force">Also where devices are locked out by it.</param>
    public RolloverOutcome Finish(string author, bool force)
    {
        // Before the configured one all that the service has made are older.
        long newest = _configured is not null ? long.MaxValue : _generations[^1].Number;
        long[] older = [];
        RolloverOutcome outcome = _control.Change(session =>
        {
            older = [.. AuthorityRecords.Trusted(session).Select(static record => record.Generation).Where(generation => generation < newest)];
            if (older.Length == 0)
            {
                return RolloverOutcome.NothingToFinish;
            }
            if (!force && older.Any(generation => DevicesOf(session, generation) > 0))
            {
                return RolloverOutcome.DevicesLeft;
            }
            AuthorityRecords.RetireBefore(session, newest, _time.GetUtcNow().ToUnixNanoseconds());
            return RolloverOutcome.Done;
        });
        if (outcome == RolloverOutcome.Done)
        {
            foreach (long generation in older)
            {
                _folder.RemoveKey(generation);
            }
            Use(_control.Read(AuthorityRecords.Trusted));
            Log.Finished(_logger, author, older.Length);
        }
        return outcome;
    }

    /// <summary>Devices whose newest certificate is of this generation, and could still be used or renewed.</summary>
    public static long DevicesOf(ControlSession session, long generation) => session.Query(
        """
        SELECT COUNT(*) FROM identity_certificates AS one LEFT JOIN identity_devices ON identity_devices.device = one.device
        WHERE authority = @generation AND COALESCE(standing, 0) <> 2
        AND issued = (SELECT MAX(issued) FROM identity_certificates AS other WHERE other.device = one.device)
        """,
        static row => row.GetInt64(0), ("generation", generation))[0];

    private AuthorityRecord Add(ControlSession session)
    {
        DateTimeOffset now = _time.GetUtcNow();
        long generation = session.Next("identity_authorities", "generation");
        SigningAuthority signer = _folder.LoadOrCreate(generation, now);
        var record = new AuthorityRecord(generation, signer.Root.RawData, now.ToUnixNanoseconds());
        AuthorityRecords.Add(session, record);
        Log.Created(_logger, signer.Root.Subject);
        return record;
    }

    private SigningAuthority? Load(long generation)
    {
        SigningAuthority? signer = _folder.Load(generation);
        if (signer is null)
        {
            Log.KeyElsewhere(_logger, generation.ToString(CultureInfo.InvariantCulture));
        }
        return signer;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "An authority was made that signs devices: {Subject}.")]
        public static partial void Created(ILogger logger, string subject);

        [LoggerMessage(LogLevel.Warning, "{Author} has begun a rollover: {Subject} signs devices from now on, and the one before is trusted until it is finished.")]
        public static partial void Rolled(ILogger logger, string author, string subject);

        [LoggerMessage(LogLevel.Warning, "{Author} has finished the rollover: {Count} older authorities count no more, and their keys are deleted.")]
        public static partial void Finished(ILogger logger, string author, int count);

        [LoggerMessage(LogLevel.Error, "The key of authority {Generation} is not on this machine: it is trusted, but cannot sign here. Copy its folder.")]
        public static partial void KeyElsewhere(ILogger logger, string generation);
    }
}
