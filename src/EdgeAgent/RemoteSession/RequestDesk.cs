using EdgeAgent.Protocol.V1;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.RemoteSession;

/// <summary>
/// Where every request passes: known, allowed by the device's own file, in time; and told in the log, whatever came of it. One for the process, so that what
/// hangs in one session is counted in the next.
/// </summary>
/// <param name="handlers">One a kind.</param>
/// <param name="allowed">What the device's own file says.</param>
/// <param name="time">The clock of deadlines.</param>
/// <param name="logger">The log: what was asked of this device, by whom, and what came of it.</param>
internal sealed partial class RequestDesk(IEnumerable<IRequestHandler> handlers, AllowedRequests allowed, TimeProvider time, ILogger<RequestDesk> logger)
{
    /// <summary>As session.proto says.</summary>
    public const int MostUnderWay = 4;

    /// <summary>Whatever the service says: nothing here takes longer, and what hangs must not be waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private const int MessageCharacters = 1_000;

    private readonly Dictionary<RemoteRequest.KindOneofCase, IRequestHandler> _handlers = handlers.ToDictionary(static handler => handler.Kind);
    private int _underWay;

    public AllowedRequests Allowed => allowed;

    public async Task<RequestResult> AnswerAsync(RemoteRequest request, CancellationToken stopping)
    {
        RequestResult result = await DoAsync(request, stopping).ConfigureAwait(false);
        result.Answer.Id = request.Id;
        if (result.Answer.Message.Length > MessageCharacters)
        {
            result.Answer.Message = result.Answer.Message[..MessageCharacters];
        }
        Log.Asked(logger, RequestWords.Plain(request.AskedBy), RequestWords.Of(request), result.Answer.Outcome, result.Answer.Message);
        return result;
    }

    private async Task<RequestResult> DoAsync(RemoteRequest request, CancellationToken stopping)
    {
        if (!_handlers.TryGetValue(request.KindCase, out IRequestHandler? handler))
        {
            return RequestResult.Of(RemoteOutcome.Unknown, "This version of the agent does not know such a request.");
        }
        if (!allowed.Allow(request))
        {
            return RequestResult.Of(
                RemoteOutcome.Refused, $"The device's own file does not allow it: remote.allow has no \"{RequestWords.Plain(AllowedRequests.WordOf(request)!)}\".");
        }
        if (Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return RequestResult.Of(RemoteOutcome.Failed, $"{MostUnderWay} requests are under way, and some may hang. Ask again later.");
        }
        TimeSpan deadline = TimeSpan.FromMilliseconds(request.DeadlineMilliseconds);
        using var over = new CancellationTokenSource(deadline < Longest ? deadline : Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        // On a thread of its own: hardware that hangs holds whoever called it.
        Task<RequestResult> handling = Task.Run(() => CountedAsync(handler, request, either.Token), CancellationToken.None);
        try
        {
            return await handling.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stopping.IsCancellationRequested
                ? RequestResult.Of(RemoteOutcome.Failed, "The agent stops.")
                : RequestResult.Of(RemoteOutcome.TimedOut, "It did not come to an end in time.");
        }
    }

    /// <summary>What hangs keeps its place, also when nobody waits for it any more.</summary>
    private async Task<RequestResult> CountedAsync(IRequestHandler handler, RemoteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await handler.HandleAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            Log.Threw(logger, RequestWords.Of(request), defect);
            return RequestResult.Of(RemoteOutcome.Failed, "It failed in the program itself. The device's log has more; please report this.");
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Who} asked from afar: {Request}. Outcome: {Outcome}. {Message}")]
        public static partial void Asked(ILogger logger, string who, string request, RemoteOutcome outcome, string message);

        [LoggerMessage(LogLevel.Error, "The request \"{Request}\" failed in the program itself. Please report this.")]
        public static partial void Threw(ILogger logger, string request, Exception defect);
    }
}
