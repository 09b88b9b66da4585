namespace EdgeAgent.Ingestion.People;

/// <summary>How an attempt to sign in ends.</summary>
internal enum SignInOutcome
{
    /// <summary>There is a session: give its cookie to the browser.</summary>
    SignedIn,

    /// <summary>Name or password is wrong; which of them is not told.</summary>
    Wrong,

    /// <summary>Too many have been tried: nothing was looked at.</summary>
    TooMany,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="Cookie">Of the session, where there is one.</param>
/// <param name="Wait">Where too many have been tried: when to come again.</param>
internal readonly record struct SignInResult(SignInOutcome Outcome, string? Cookie = null, TimeSpan Wait = default);
