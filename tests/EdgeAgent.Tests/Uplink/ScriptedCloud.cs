using System.Collections.Concurrent;
using EdgeAgent.Protocol.V1;
using Grpc.Core;
using ProtocolRecord = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Tests.Uplink;

/// <summary>A session as the service saw it.</summary>
internal sealed record SeenSession(SessionOpen Open)
{
    /// <summary>The watermark when it began.</summary>
    public ulong After { get; set; }

    public List<ulong> Records { get; } = [];

    public List<Gap> Gaps { get; } = [];

    /// <summary>What was said of the device's clocks, and how many records had come before that.</summary>
    public List<(int Records, ClockReference Reference)> References { get; } = [];
}

/// <summary>
/// A small ingestion service that keeps the contract: watermark in the headers, contiguous or ABORTED, duplicates skipped, stored before
/// the receipt. Sessions follow their scripts in the order in which they are opened; those without one do nothing special. It survives
/// the restart of the server that it runs in, as a database does.
/// </summary>
internal sealed class ScriptedCloud : Ingest.IngestBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Spool, Lane Lane), ulong> _watermarks = [];
    private readonly List<SeenSession> _sessions = [];
    private TaskCompletionSource _changed = NewChange();

    public ConcurrentQueue<SessionScript> Scripts { get; } = new();

    /// <summary>What sessions do that come when all scripts are used up.</summary>
    public SessionScript Otherwise { get; set; } = new();

    public Dictionary<(Lane Lane, ulong Sequence), ProtocolRecord> Stored { get; } = [];

    /// <summary>Set where a record is to be refused whose series nobody has named: nothing of its session is stored then.</summary>
    public KnownNames? Names { get; set; }

    /// <summary>Records that came again after they were stored.</summary>
    public int Duplicates { get; private set; }

    public List<Gap> Gaps { get; } = [];

    public HashSet<string> Devices { get; } = [];

    public int OpenSessions { get; private set; }

    public int MostOpenSessions { get; private set; }

    public IReadOnlyList<SeenSession> Sessions
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions];
            }
        }
    }

    public void SetWatermark(Guid spool, Lane lane, ulong through)
    {
        lock (_gate)
        {
            _watermarks[(spool, lane)] = through;
        }
    }

    public override async Task<UploadReceipt> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        Assert.True(await requestStream.MoveNext());
        SessionOpen open = requestStream.Current.Open;
        var seen = new SeenSession(open);
        var key = (new Guid(open.SpoolId.Span, bigEndian: true), open.Lane);
        SessionScript script = Begin(seen, key, context, out ulong watermark);
        try
        {
            await (script.OnOpen?.Invoke(context.CancellationToken) ?? Task.CompletedTask);
            Metadata headers = [.. script.Headers];
            headers.Add("edge-durable-through", (script.Watermark ?? watermark).ToString(System.Globalization.CultureInfo.InvariantCulture));
            await context.WriteResponseHeadersAsync(headers);
            var receipt = new UploadReceipt();
            while (await requestStream.MoveNext())
            {
                if (requestStream.Current.ClockReference is { } reference)
                {
                    Change(() => seen.References.Add((seen.Records.Count, reference)));
                    continue;
                }
                await (script.OnRequest?.Invoke(requestStream.Current, context.CancellationToken) ?? Task.CompletedTask);
                await WaitForPredecessorAsync(key, requestStream.Current, context.CancellationToken);
                Take(requestStream.Current, key, seen, receipt);
            }
            await (script.OnReceipt?.Invoke(context.CancellationToken) ?? Task.CompletedTask);
            lock (_gate)
            {
                receipt.DurableThrough = _watermarks.GetValueOrDefault(key);
            }
            script.Receipt?.Invoke(receipt);
            return receipt;
        }
        finally
        {
            Change(() => OpenSessions--);
        }
    }

    /// <summary>Waits until the condition holds, which is asked under the lock whenever anything has changed.</summary>
    public async Task WaitUntilAsync(Func<ScriptedCloud, bool> condition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition(this))
                {
                    return;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        }
    }

    public Task WaitForAsync(Lane lane, ulong through) => WaitUntilAsync(cloud => cloud.Stored.ContainsKey((lane, through)));

    private SessionScript Begin(SeenSession seen, (Guid, Lane) key, ServerCallContext context, out ulong watermark)
    {
        ulong current = 0;
        Change(() =>
        {
            seen.After = current = _watermarks.GetValueOrDefault(key);
            Names?.Learn(seen.Open);
            _sessions.Add(seen);
            OpenSessions++;
            MostOpenSessions = Math.Max(MostOpenSessions, OpenSessions);
            foreach (AuthProperty name in context.AuthContext.FindPropertiesByName("x509_common_name"))
            {
                Devices.Add(name.Value);
            }
        });
        watermark = current;
        return Scripts.TryDequeue(out SessionScript? script) ? script : Otherwise;
    }

    private void Take(UploadRequest request, (Guid, Lane Lane) key, SeenSession seen, UploadReceipt receipt) => Change(() =>
    {
        ulong watermark = _watermarks.GetValueOrDefault(key);
        (ulong from, ulong to) = Range(request);
        if (from > watermark + 1)
        {
            throw SessionScript.Status(StatusCode.Aborted);
        }
        if (request.Gap is not null)
        {
            seen.Gaps.Add(request.Gap);
            Gaps.Add(request.Gap);
        }
        else
        {
            seen.Records.Add(from);
            if (Names?.Know(request.Record) == false)
            {
                _watermarks[key] = seen.After;
                seen.Records.ForEach(sequence => Stored.Remove((key.Lane, sequence)));
                throw SessionScript.Status(StatusCode.FailedPrecondition);
            }
            if (to <= watermark)
            {
                Duplicates++;
                receipt.RecordsSkipped++;
            }
            else
            {
                receipt.RecordsStored++;
                receipt.ReadingsStored += request.Record.Readings;
            }
            Stored.TryAdd((key.Lane, from), request.Record);
        }
        _watermarks[key] = Math.Max(watermark, to);
    });

    /// <summary>A session may come before the one that it follows on is stored; it is given a moment.</summary>
    private async Task WaitForPredecessorAsync((Guid, Lane) key, UploadRequest request, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(TimeSpan.FromMilliseconds(500));
        try
        {
            await WaitUntilAsync(cloud => Range(request).From <= cloud._watermarks.GetValueOrDefault(key) + 1, bounded.Token);
        }
        catch (OperationCanceledException)
        {
            // Taken as it is, which is then refused.
        }
    }

    private static (ulong From, ulong To) Range(UploadRequest request) =>
        request.Gap is { } gap ? (gap.From, gap.To) : (request.Record.Sequence, request.Record.Sequence);

    private void Change(Action change)
    {
        lock (_gate)
        {
            try
            {
                change();
            }
            finally
            {
                _changed.SetResult();
                _changed = NewChange();
            }
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
