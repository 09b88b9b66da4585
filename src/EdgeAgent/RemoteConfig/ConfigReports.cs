using System.Security.Cryptography;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Uplink;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteConfig;

/// <summary>Tells the service what became of revisions, one event after another, each until it is taken. What is not told yet is on the disk.</summary>
internal sealed partial class ConfigReports(
    ControlConnection connection, RevisionStore store, RevisionInbox inbox, UplinkOptions options, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>What is saved without a signal is found within this time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Backoff _backoff = new(options.BackoffFirst, options.BackoffLast, random);
    private readonly Pulse _saved = new();
    private readonly HashSet<RevisionEvent> _taken = []; // and not marked so yet: whoever owns the state may be busy
    private string? _complaint;

    public async Task RunAsync(CancellationToken stopping)
    {
        store.Saved += _saved.Set;
        try
        {
            while (true)
            {
                IReadOnlyList<RevisionEvent> events = store.State.Events;
                _taken.IntersectWith(events);
                if (events.FirstOrDefault(news => !news.IsTold && !_taken.Contains(news)) is not { } next)
                {
                    await _saved.WaitAsync(Longest, time, stopping).ConfigureAwait(false);
                }
                else if (await TryTellAsync(next, stopping).ConfigureAwait(false) is { } pause)
                {
                    await Task.Delay(pause, time, stopping).ConfigureAwait(false);
                }
                else
                {
                    _taken.Add(next);
                    inbox.Told(next);
                }
            }
        }
        finally
        {
            store.Saved -= _saved.Set;
        }
    }

    /// <summary>What is reported, as the contract has it.</summary>
    public static ConfigReport ReportOf(RevisionEvent news)
    {
        var report = new ConfigReport
        {
            Number = news.Revision.Number,
            Hash = ByteString.CopyFrom(Convert.FromHexString(news.Revision.Hash)),
            Outcome = news.Outcome switch
            {
                RevisionOutcome.OnTrial => ConfigOutcome.OnTrial,
                RevisionOutcome.Applied => ConfigOutcome.Applied,
                RevisionOutcome.Rejected => ConfigOutcome.Rejected,
                _ => ConfigOutcome.Reverted,
            },
            AtUnixNanoseconds = news.AtUnixNanoseconds,
            RunningNumber = news.RunningNumber,
        };
        report.Errors.Add(news.Errors.Select(static error => new Protocol.V1.ConfigError { Pointer = error.Pointer, Message = error.Message }));
        return report;
    }

    /// <returns>How long to wait before it is tried again; null where it is done with.</returns>
    private async Task<TimeSpan?> TryTellAsync(RevisionEvent news, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            var client = new Config.ConfigClient(connection.Client().Invoker);
            await client.ReportAsync(ReportOf(news), cancellationToken: either.Token).ConfigureAwait(false);
            _backoff.Reset();
            _complaint = null;
            return null;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException(stopping);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            // It will not be taken the next time either: the service has forgotten the revision.
            Log.NotTaken(logger, news.Outcome, news.Revision.Number, refused.Status.Detail);
            return null;
        }
        catch (RpcException failure)
        {
            TimeSpan asked = RetryHint.Read(failure.Trailers);
            bool isLasting = failure.StatusCode is StatusCode.Unimplemented or StatusCode.Unauthenticated or StatusCode.PermissionDenied;
            TimeSpan own = isLasting ? _backoff.Slow() : _backoff.Next();
            return Complain($"{failure.StatusCode}: {failure.Status.Detail}", asked > own ? asked : own);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or OperationCanceledException)
        {
            return Complain(failure.Message, _backoff.Next());
        }
    }

    private TimeSpan Complain(string reason, TimeSpan pause)
    {
        if (_complaint != reason)
        {
            Log.NotTold(logger, reason);
        }
        _complaint = reason;
        return pause;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The service cannot be told what became of a revision of the configuration; it is tried again. {Reason}")]
        public static partial void NotTold(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The service does not want to know that it is {Outcome} with revision {Number}: {Reason}")]
        public static partial void NotTaken(ILogger logger, RevisionOutcome outcome, ulong number, string reason);
    }
}
