using EdgeAgent.Uplink;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Identity;

/// <content>What is done in each state. Each returns how long nothing is to be done after it.</content>
internal sealed partial class IdentityKeeper
{
    /// <summary>So often in a row a candidate gets no answer while the present certificate does, before it counts as refused: a line may fail in between.</summary>
    private const int MostSilent = 3;

    private async Task<TimeSpan> EnrollAsync(CancellationToken stopping)
    {
        if (Token() is not { } token)
        {
            string origin = identity.Token?.Origin ?? "nowhere";
            TellOnce(origin, () => Log.NeedsEnrolment(logger, origin));
            return Look;
        }
        const int first = 1;
        using UplinkConnection connection = connect(options.ForEnrolment(identity.Pins));
        var issuance = new Issuance(_store, options, time);
        IssueResult result = Counted(await issuance.EnrollAsync(connection.Client(), token, first, stopping).ConfigureAwait(false));
        switch (result.Outcome)
        {
            case IssueOutcome.Issued:
                _store.Promote(first);
                _enrolment.Reset();
                (_told, _triedToken) = (null, null);
                Log.Enrolled(logger, Name(first), Until(first));
                return TimeSpan.Zero;
            case IssueOutcome.Unanswered:
                TimeSpan soon = Longer(_enrolment.Next(), result.RetryAfter);
                Log.EnrolmentUnanswered(logger, soon, result.Reason);
                return soon;
            default:
                _triedToken = token;
                TimeSpan later = Longer(_enrolment.Slow(), result.RetryAfter);
                TellOnce(result.Reason, () => Log.NotEnrolled(logger, result.Outcome, result.Reason));
                return later;
        }
    }

    private async Task<TimeSpan> RenewAsync(int current, CancellationToken stopping)
    {
        var issuance = new Issuance(_store, options, time);
        IssueResult result = Counted(await issuance.RenewAsync(control.Client(), current + 1, stopping).ConfigureAwait(false));
        switch (result.Outcome)
        {
            case IssueOutcome.Issued:
                _renewal.Reset();
                _silent = 0;
                Log.Issued(logger, current + 1, Until(current + 1));
                return TimeSpan.Zero;
            case IssueOutcome.Unanswered:
                TimeSpan soon = Longer(_renewal.Next(), result.RetryAfter);
                Log.RenewalUnanswered(logger, soon, result.Reason);
                return soon;
            default:
                TellOnce(result.Reason, () => TellNotRenewed(current, result));
                return Longer(_renewal.Slow(), result.RetryAfter);
        }
    }

    /// <summary>The candidate beside the present certificate, which goes on serving.</summary>
    private async Task<TimeSpan> TryAsync(int current, CancellationToken stopping)
    {
        int next = current + 1;
        (ProbeOutcome outcome, string reason) = await probe.AskAsync(next, stopping).ConfigureAwait(false);
        if (outcome == ProbeOutcome.Accepted)
        {
            _store.Promote(next);
            _renewal.Reset();
            (_told, _silent) = (null, 0);
            Log.InForce(logger, next, Until(next));
            return TimeSpan.Zero;
        }
        // The line is no fault of the candidate's, and neither is a service that takes nobody: whether it is the candidate, the present one tells.
        (ProbeOutcome present, _) = await probe.AskAsync(current, stopping).ConfigureAwait(false);
        _silent = present == ProbeOutcome.Accepted ? _silent + 1 : 0;
        if (present == ProbeOutcome.Accepted && (outcome == ProbeOutcome.Refused || _silent >= MostSilent))
        {
            SetAside(next, reason);
            return _renewal.Slow();
        }
        TimeSpan wait = _renewal.Next();
        Log.Untried(logger, next, wait, reason);
        return wait;
    }

    /// <summary>Nothing but a receipt is waited for, unless the service takes back that it accepts the certificate.</summary>
    private async Task<TimeSpan> ProveAsync(int current, CancellationToken stopping)
    {
        if (!isRefused())
        {
            return Look;
        }
        (ProbeOutcome outcome, string reason) = await probe.AskAsync(current, stopping).ConfigureAwait(false);
        int before = _store.HighestBelow(current);
        if (outcome != ProbeOutcome.Refused)
        {
            return Look;
        }
        if ((await probe.AskAsync(before, stopping).ConfigureAwait(false)).Outcome == ProbeOutcome.Accepted)
        {
            _store.Promote(before);
            SetAside(current, reason);
            return _renewal.Slow();
        }
        return await RenewAsync(current, stopping).ConfigureAwait(false);
    }

    private void SetAside(int generation, string reason)
    {
        _store.SetAside(generation);
        _silent = 0;
        Volatile.Write(ref _receipted, 0);
        TellOnce(reason, () => Log.SetAside(logger, _store.RefusedFile, reason));
    }

    private void TellNotRenewed(int current, in IssueResult result)
    {
        if (clock.IsKnown && _store.Read(current)?.Own.NotAfter.ToUniversalTime() <= clock.UtcNow)
        {
            Log.Expired(logger, Name(current), Until(current), result.Reason);
        }
        else
        {
            Log.NotRenewed(logger, Until(current), result.Reason);
        }
    }

    private IssueResult Counted(IssueResult result)
    {
        metrics.CertificateRequests.Add(result.Outcome);
        return result;
    }

    private string Name(int generation) => _store.Read(generation) is { } stored ? DeviceName.Of(stored.Own) ?? "" : "";

    private DateTimeOffset Until(int generation) => _store.Read(generation)?.Own.NotAfter.ToUniversalTime() ?? default;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "This device has no certificate and no token to get one (looked for in: {Origin}). Readings are kept. Make a token on the service "
                + "(edge-ingestion token create --device NAME) and run edge-agent enroll --token TOKEN, or put the token there.")]
        public static partial void NeedsEnrolment(ILogger logger, string origin);

        [LoggerMessage(LogLevel.Information, "This device is enrolled as {Name}; its certificate is valid until {Until:u}.")]
        public static partial void Enrolled(ILogger logger, string name, DateTimeOffset until);

        [LoggerMessage(LogLevel.Warning, "Enrolment got no answer and is tried again in {Wait}, with the same key and token. Readings are kept. {Reason}")]
        public static partial void EnrolmentUnanswered(ILogger logger, TimeSpan wait, string reason);

        [LoggerMessage(LogLevel.Error, "This device cannot be enrolled ({Outcome}). Readings are kept. Another token is tried as soon as it is there. {Reason}")]
        public static partial void NotEnrolled(ILogger logger, IssueOutcome outcome, string reason);

        [LoggerMessage(LogLevel.Information, "The service issued certificate {Generation}, valid until {Until:u}. It is tried beside the present one.")]
        public static partial void Issued(ILogger logger, int generation, DateTimeOffset until);

        [LoggerMessage(LogLevel.Warning, "Asking for a new certificate got no answer; it is asked again in {Wait}. {Reason}")]
        public static partial void RenewalUnanswered(ILogger logger, TimeSpan wait, string reason);

        [LoggerMessage(LogLevel.Error, "The service gives this device no new certificate; the present one is valid until {Until:u}. It is asked again, slowly. {Reason}")]
        public static partial void NotRenewed(ILogger logger, DateTimeOffset until, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "The certificate of {Name} expired at {Until:u} and the service does not renew it any more. Readings are kept. Make a token on the service "
                + "(edge-ingestion token create --device {Name}) and run edge-agent enroll --token TOKEN. {Reason}")]
        public static partial void Expired(ILogger logger, string name, DateTimeOffset until, string reason);

        [LoggerMessage(LogLevel.Information, "Certificate {Generation} is in force, valid until {Until:u}; the one before is kept until the service has confirmed readings.")]
        public static partial void InForce(ILogger logger, int generation, DateTimeOffset until);

        [LoggerMessage(LogLevel.Information, "Certificate {Generation} has proven itself; those before are deleted.")]
        public static partial void Proven(ILogger logger, int generation);

        [LoggerMessage(LogLevel.Warning, "Certificate {Generation} could not be tried; that is done again in {Wait}. The present one serves on. {Reason}")]
        public static partial void Untried(ILogger logger, int generation, TimeSpan wait, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "The service issued a certificate and does not accept it. It is set aside as {File}, the one before serves on, and another one is asked for later. {Reason}")]
        public static partial void SetAside(ILogger logger, string file, string reason);

        [LoggerMessage(LogLevel.Error, "Certificate {Said} is damaged on this device's disk; certificate {Current} takes its place.")]
        public static partial void Damaged(ILogger logger, int said, int current);

        [LoggerMessage(LogLevel.Error, "The device's identity in {Folder} cannot be used; it is tried again. {Reason}")]
        public static partial void Unusable(ILogger logger, string folder, string reason);
    }
}
