using System.Security.Cryptography;
using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>
/// Hears of revisions from the service and hands them on. On a metered line the call is not held open: it is made when the answer to an upload names a
/// number that is not known yet, at the start, and once a day.
/// </summary>
internal sealed partial class ConfigWatch(
    ControlConnection connection, RevisionStore store, RevisionInbox inbox, UplinkOptions options, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>A day: what the service forgot to announce is not late by more, and it costs a handshake.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a call on a metered line waits for a revision. 30 s: the service sends one at once where there is one; a slow line takes that long for 64 KiB.
    /// </summary>
    private static readonly TimeSpan ShortLook = TimeSpan.FromSeconds(30);

    /// <summary>People's words, as the log takes them.</summary>
    private const int MaximumAuthor = 200;

    private readonly Backoff _backoff = new(options.BackoffFirst, options.BackoffLast, random);
    private readonly Pulse _news = new();
    private TimeSpan _pause;
    private string? _complaint;
    private int _state = (int)WatchState.Watching;

    /// <summary>For the diagnostics page and for tests.</summary>
    public WatchState State
    {
        get => (WatchState)Volatile.Read(ref _state);
        private set => Volatile.Write(ref _state, (int)value);
    }

    private bool IsMetered => options.Profile == LineProfile.Metered;

    /// <summary>What the service answered to an upload. Any thread.</summary>
    public void Hear(SessionHeaders headers)
    {
        if (IsMetered && headers.ConfigNumber > store.State.Known)
        {
            _news.Set();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            State = State switch
            {
                WatchState.Resting => await RestAsync(stopping).ConfigureAwait(false),
                WatchState.Watching => await WatchAsync(stopping).ConfigureAwait(false),
                _ => await BackOffAsync(stopping).ConfigureAwait(false),
            };
        }
    }

    private async Task<WatchState> RestAsync(CancellationToken stopping)
    {
        await _news.WaitAsync(Rest, time, stopping).ConfigureAwait(false);
        return WatchState.Watching;
    }

    private async Task<WatchState> BackOffAsync(CancellationToken stopping)
    {
        await Task.Delay(_pause, time, stopping).ConfigureAwait(false);
        return WatchState.Watching;
    }

    private async Task<WatchState> WatchAsync(CancellationToken stopping)
    {
        using var look = new CancellationTokenSource(IsMetered ? ShortLook : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(look.Token, stopping);
        try
        {
            await ReceiveAsync(either.Token).ConfigureAwait(false);
            // In order: there was what there was, the service restarts, or another call of this device has taken the place of this one.
            _pause = _backoff.Soon();
            return IsMetered ? WatchState.Resting : WatchState.BackingOff;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            stopping.ThrowIfCancellationRequested();
        }
        catch (Exception) when (look.IsCancellationRequested)
        {
            return WatchState.Resting;
        }
        catch (RpcException failure)
        {
            Pause(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The certificate's files: there is nothing to call with.
            _pause = _backoff.Next();
            Complain(failure.Message);
        }
        return WatchState.BackingOff;
    }

    /// <summary>The pump: lets exceptions fly.</summary>
    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        RevisionHeader held = store.State.Running;
        var request = new WatchRequest
        {
            HeldNumber = held.Number,
            HeldHash = ByteString.CopyFrom(Convert.FromHexString(held.Hash)),
            AgentVersion = AgentVersion.Value,
        };
        using AsyncServerStreamingCall<ConfigRevision> call =
            new Config.ConfigClient(connection.Client().Invoker).Watch(request, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            _backoff.Reset();
            _complaint = null;
            inbox.Offer(Read(call.ResponseStream.Current));
            if (IsMetered)
            {
                return;
            }
        }
    }

    private static Revision Read(ConfigRevision revision)
    {
        string author = revision.Author.Length <= MaximumAuthor ? revision.Author : revision.Author[..MaximumAuthor];
        string hash = Convert.ToHexStringLower(revision.Hash.Span);
        return new Revision(
            new RevisionHeader(revision.Number, hash, author, revision.TrialSeconds, revision.MayChangeBootstrap), revision.Document.Memory);
    }

    private void Pause(RpcException failure)
    {
        TimeSpan asked = RetryHint.Read(failure.Trailers);
        // What will not pass by itself: no such service, not this device, or a revision that is larger than any message may be.
        bool isLasting = failure.StatusCode is StatusCode.Unimplemented or StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.ResourceExhausted;
        TimeSpan own = isLasting ? _backoff.Slow() : _backoff.Next();
        _pause = asked > own ? asked : own;
        Complain($"{failure.StatusCode}: {failure.Status.Detail}");
    }

    /// <summary>Once for each thing that is wrong.</summary>
    private void Complain(string reason)
    {
        if (_complaint != reason)
        {
            Log.NotHeard(logger, reason);
        }
        _complaint = reason;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The service cannot be asked for revisions of the configuration; it is tried again. {Reason}")]
        public static partial void NotHeard(ILogger logger, string reason);
    }
}
