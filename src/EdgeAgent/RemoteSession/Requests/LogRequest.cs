using EdgeAgent.Diagnostics;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>The last lines of the log, as many as an answer has room for.</summary>
internal sealed class LogRequest(LogRing ring) : IRequestHandler
{
    private const int UsualLines = 100;

    /// <summary>What session.proto allows, and room for the rest of the answer.</summary>
    private const int MostBytes = 120 * 1024;

    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Log;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        int most = request.Log.Lines == 0 ? UsualLines : (int)Math.Min(request.Log.Lines, LogRing.Capacity);
        var newestFirst = new List<LogLine>();
        int bytes = 0;
        foreach (LoggedLine logged in ring.Last(most).Reverse())
        {
            var line = new LogLine
            {
                AtUnixNanoseconds = logged.UnixNanoseconds,
                Level = logged.Level.ToString().ToLowerInvariant(),
                Part = logged.Part,
                Text = logged.Text,
            };
            // With the tag and the length before it.
            bytes += line.CalculateSize() + 4;
            if (bytes > MostBytes)
            {
                break;
            }
            newestFirst.Add(line);
        }
        var lines = new LogLines();
        lines.Lines.Add(newestFirst.AsEnumerable().Reverse());
        return new(new RequestResult(new RemoteAnswer { Outcome = RemoteOutcome.Done, Log = lines }));
    }
}
