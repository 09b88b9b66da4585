using System.Security.Cryptography;
using EdgeAgent.Clock;
using EdgeAgent.Diagnostics;
using EdgeAgent.Uplink;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Identity;

/// <summary>
/// Gets the device its certificate and a new one before that expires. The files say where it is, so that it begins anew from any of them:
/// <code>
/// Unenrolled ── token, Enroll ──▶ InForce ── two thirds of the life are over, or refused ──▶ Renewing ── Renew ──▶ OnTrial
///     InForce ◀── a receipt ── Unproven ◀── accepted beside the present one ── OnTrial ── refused, and the present one is not ──▶ InForce
/// </code>
/// Whether a certificate has expired is decided by a time that is known, never by the wall clock of a board that may be in 1970; while the time is not known, what
/// counts is whether the service refuses the certificate.
/// </summary>
internal sealed partial class IdentityKeeper(
    IdentityOptions identity,
    UplinkOptions options,
    UplinkConnection readings,
    ControlConnection control,
    Func<UplinkOptions, UplinkConnection> connect,
    IdentityProbe probe,
    Func<bool> isRefused,
    AgentClock clock,
    AgentMetrics metrics,
    TimeProvider time,
    Random random,
    ILogger<IdentityKeeper> logger) : BackgroundService
{
    /// <summary>How soon it is noticed that somebody enrolled the device by hand, put another token in place, or that a receipt came.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>How soon it is noticed that the time has become known, or the service refuses the certificate.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly IdentityStore _store = options.Identity ?? throw new ArgumentException("These options name files that others manage.", nameof(options));

    /// <summary>Somebody may stand beside the device and wait for it.</summary>
    private readonly Backoff _enrolment = new(options.BackoffFirst, options.BackoffLast, random);

    /// <summary>Nobody waits: a third of the certificate's life is left.</summary>
    private readonly Backoff _renewal = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), random);

    private int _receipted;         // the generation that earned a receipt last
    private long _expires;          // when the certificate in force does, in UTC ticks; 0 where there is none
    private int _silent;            // how often in a row a candidate was not answered and the present certificate was
    private string? _triedToken;    // that did not do
    private string? _told;          // the last thing that was wrong, which is told once

    public IdentityState State { get; private set; }

    /// <summary>When the certificate in force expires; null where there is none.</summary>
    public DateTimeOffset? Expires => Volatile.Read(ref _expires) is > 0 and long expires ? new DateTimeOffset(expires, TimeSpan.Zero) : null;

    public override void Dispose()
    {
        readings.Confirmed -= OnConfirmed;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        readings.Confirmed += OnConfirmed;
        metrics.CertificateLeft.Source = () =>
            Expires is { } until && clock.IsKnown ? until - clock.UtcNow : null;
        try
        {
            while (true)
            {
                TimeSpan wait = await StepAsync(stoppingToken).ConfigureAwait(false);
                await WaitAsync(wait, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was begun goes on from the files with the next process.
        }
    }

    /// <returns>How long nothing is to be done, unless the files change.</returns>
    internal async Task<TimeSpan> StepAsync(CancellationToken stopping)
    {
        try
        {
            using IDisposable? held = _store.TryLock();
            if (held is null)
            {
                // Somebody enrols the device by hand at this moment.
                return Look;
            }
            int current = Settle();
            State = Judge(current);
            return State switch
            {
                IdentityState.Unenrolled => await EnrollAsync(stopping).ConfigureAwait(false),
                IdentityState.Renewing => await RenewAsync(current, stopping).ConfigureAwait(false),
                IdentityState.OnTrial => await TryAsync(current, stopping).ConfigureAwait(false),
                IdentityState.Unproven => await ProveAsync(current, stopping).ConfigureAwait(false),
                _ => Rest,
            };
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            TimeSpan wait = _renewal.Next();
            TellOnce(unusable.Message, () => Log.Unusable(logger, _store.Folder, unusable.Message));
            return wait;
        }
    }

    /// <summary>Finishes what a process that was ended had begun, and forgets what is not needed any more.</summary>
    /// <returns>The generation in force.</returns>
    private int Settle()
    {
        int current = _store.Current, said = _store.Said;
        if (current > 0 && said != current)
        {
            if (said > 0)
            {
                Log.Damaged(logger, said, current);
            }
            _store.Promote(current);
        }
        if (current > 0 && Volatile.Read(ref _receipted) == current && _store.HighestBelow(current) > 0)
        {
            _store.ForgetBefore(current);
            Log.Proven(logger, current);
        }
        Volatile.Write(ref _expires, _store.Read(current)?.Own.NotAfter.ToUniversalTime().Ticks ?? 0);
        return current;
    }

    private IdentityState Judge(int current)
    {
        if (current == 0)
        {
            return IdentityState.Unenrolled;
        }
        if (_store.Read(current + 1) is not null)
        {
            return IdentityState.OnTrial;
        }
        bool isKept = _store.HighestBelow(current) > 0;
        return _store.HasRequest(current + 1) || IsDue(current) || (isRefused() && !isKept) ? IdentityState.Renewing
            : isKept ? IdentityState.Unproven
            : IdentityState.InForce;
    }

    /// <summary>By a time that is known.</summary>
    private bool IsDue(int current) => clock.IsKnown && _store.Read(current) is { } stored
        && clock.UtcNow >= RenewalTime.Of(stored.Own, stored.RenewAfter, identity.RenewSpread);

    private void OnConfirmed(Confirmation confirmation)
    {
        if (confirmation.Client.Credentials.Generation is > 0 and int generation)
        {
            Volatile.Write(ref _receipted, generation);
        }
    }

    /// <summary>In steps, so that what a person changes is noticed.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        string before = _store.Stamp(null);
        long begun = time.GetTimestamp();
        for (TimeSpan left = wait; left > TimeSpan.Zero; left = wait - time.GetElapsedTime(begun))
        {
            await Task.Delay(WholeMilliseconds.Of(left < Look ? left : Look), time, stopping).ConfigureAwait(false);
            if (_store.Stamp(null) != before || (State == IdentityState.Unenrolled && _triedToken is not null && Token() is { } other && other != _triedToken))
            {
                return;
            }
        }
    }

    /// <returns>Null where none is configured, or it is not there.</returns>
    private string? Token()
    {
        try
        {
            return identity.Token?.Reveal() is { Length: > 0 } token ? token : null;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What stays wrong is told once.</summary>
    private void TellOnce(string what, Action tell)
    {
        if (_told != what)
        {
            _told = what;
            tell();
        }
    }
}
