namespace EdgeAgent.Ingestion.People;

/// <summary>Turns a name and a password into a session.</summary>
internal sealed partial class SignIn(Accounts accounts, WebSessions sessions, SignInLimit limit, ILogger<SignIn> logger) : IDisposable
{
    /// <summary>A password costs a core 0.2 s: whoever tries many at once must not have them all.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <param name="name">Who it is said to be.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">Where it comes from; null where that is a proxy, which speaks for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SignInResult> TryAsync(string name, string password, string? address, CancellationToken cancellationToken)
    {
        if ((address is null ? null : limit.Take($"address {address}")) is { } addressWait)
        {
            return new(SignInOutcome.TooMany, Wait: addressWait);
        }
        if (limit.Take($"name {name}") is { } nameWait)
        {
            return new(SignInOutcome.TooMany, Wait: nameWait);
        }
        if (!await _turns.WaitAsync(Patience, cancellationToken))
        {
            return new(SignInOutcome.TooMany, Wait: Patience);
        }
        try
        {
            bool isName = Accounts.IsName(name);
            if (PasswordHash.Matches(password, isName ? accounts.Find(name)?.PasswordHash : null))
            {
                return new(SignInOutcome.SignedIn, sessions.Begin(name));
            }
            Log.Refused(logger, isName ? name : "(not a name)", address ?? "a proxy");
            return new(SignInOutcome.Wrong);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody at {Address} tried to sign in as {Name}, with a name or password that is wrong.")]
        public static partial void Refused(ILogger logger, string name, string address);
    }
}
