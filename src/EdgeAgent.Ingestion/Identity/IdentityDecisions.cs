using EdgeAgent.Ingestion.Identity.Tokens;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Identity;

/// <summary>What people decide about devices and tokens. The page and the commands come here alike.</summary>
internal sealed partial class IdentityDecisions(ControlDatabase control, TimeProvider time, ILogger<IdentityDecisions> logger)
{
    private const long Second = 1_000_000_000;

    /// <param name="kind">What it is good for.</param>
    /// <param name="device">Whom it is for.</param>
    /// <param name="lifetime">Null: it does not end.</param>
    /// <param name="author">Who makes it.</param>
    /// <returns>The number, the token, which cannot be had again, and when it ends.</returns>
    public (long Id, string Token, long Expires) CreateToken(TokenKind kind, string device, TimeSpan? lifetime, string author)
    {
        (string text, byte[] hash) = TokenSecret.Create(kind);
        long now = time.GetUtcNow().ToUnixNanoseconds();
        long expires = lifetime is { } ends ? now + (long)ends.TotalNanoseconds : long.MaxValue;
        long id = control.Change(session => TokenRecords.Add(session, kind, device, hash, author, now, expires));
        Log.TokenCreated(logger, author, kind, id, device);
        return (id, text, expires);
    }

    /// <returns>False where there is no such token, or it is over already.</returns>
    public bool WithdrawToken(long id, string author)
    {
        bool isDone = control.Change(session => TokenRecords.Withdraw(session, id, time.GetUtcNow().ToUnixNanoseconds()));
        if (isDone)
        {
            Log.TokenWithdrawn(logger, author, id);
        }
        return isDone;
    }

    /// <param name="device">Its name. It need not be known: a name can be revoked before it is ever used.</param>
    /// <param name="standing">What it may do from now on.</param>
    /// <param name="reason">For people; the device is told.</param>
    /// <param name="author">Who decides.</param>
    /// <param name="restore">What was issued before a revocation counts again. Tokens that were withdrawn by it do not.</param>
    public DeviceDecision Decide(string device, DeviceStanding standing, string reason, string author, bool restore)
    {
        long now = time.GetUtcNow().ToUnixNanoseconds();
        DeviceDecision decision = control.Change(session =>
        {
            long from = restore ? 0 : DeviceRecords.Find(session, device).CredentialsFrom;
            if (standing == DeviceStanding.Revoked)
            {
                // Whole seconds, as certificates have them, and later than any certificate that was issued after the last revocation.
                from = Math.Max(now / Second * Second, from + Second);
                TokenRecords.WithdrawAll(session, device, now);
            }
            var decided = new DeviceDecision(device, standing, reason, author, now, from);
            DeviceRecords.Put(session, decided);
            return decided;
        });
        Log.Decided(logger, author, device, standing, reason);
        return decision;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Author} has made {Kind} token {Id} for device {Device}.")]
        public static partial void TokenCreated(ILogger logger, string author, TokenKind kind, long id, string device);

        [LoggerMessage(LogLevel.Information, "{Author} has withdrawn token {Id}.")]
        public static partial void TokenWithdrawn(ILogger logger, string author, long id);

        [LoggerMessage(LogLevel.Warning, "{Author} has decided that device {Device} is {Standing}. {Reason}")]
        public static partial void Decided(ILogger logger, string author, string device, DeviceStanding standing, string reason);
    }
}
