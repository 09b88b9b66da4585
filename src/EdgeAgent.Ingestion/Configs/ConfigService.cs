using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>edge.v1.Config: tells devices what they should run, and hears what became of it.</summary>
internal sealed class ConfigService(
    DeviceGate gate, Configurations configs, IngestOptions ingest, TimeProvider time, IHostApplicationLifetime lifetime)
    : Protocol.V1.Config.ConfigBase, IDisposable
{
    private const int HashBytes = 32;

    // As SessionOpen has it.
    private const int LongestVersion = 100;

    /// <summary>Revisions that are on their way at once, a megabyte each at most: what a whole fleet may cost that is told in one moment.</summary>
    private const int MostSending = 64;

    /// <summary>A megabyte at 35 kB/s; and what nobody reads holds its place for so long.</summary>
    private static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _sending = new(MostSending);
    private readonly RetryAfter _retryAfter = new(ingest, Random.Shared);

    public override async Task Watch(WatchRequest request, IServerStreamWriter<ConfigRevision> responseStream, ServerCallContext context)
    {
        using DeviceCall call = gate.Enter(context);
        Check(request.HeldHash, isRequired: request.HeldNumber != 0, request.HeldNumber);
        if (request.AgentVersion.Length > LongestVersion)
        {
            throw Invalid($"agent_version has {request.AgentVersion.Length} characters, not at most {LongestVersion}.");
        }
        using var watching = new WatchingDevice(call.Device, call.Ended, lifetime.ApplicationStopping);
        if (!configs.Watching.TryEnter(watching))
        {
            throw Failure(SessionOutcome.Overloaded, "No more devices may wait for their configuration at this instance.");
        }
        try
        {
            // At once, so that the device knows that it is heard, and proxies that it is alive.
            await context.WriteResponseHeadersAsync([]);
            configs.NoteHeld(call.Device, (long)request.HeldNumber, request.HeldHash.ToByteArray(), request.AgentVersion);
            await SendAsync(watching, request.HeldHash.ToByteArray(), responseStream);
            throw new RpcException(new Status(StatusCode.Aborted, "The device has called Watch again."));
        }
        // A broken line shows in whatever way the transport noticed it first.
        catch (Exception) when (watching.Ended.IsCancellationRequested)
        {
            throw EndOf(context);
        }
        catch (StoreUnavailableException failure)
        {
            throw Failure(SessionOutcome.StoreFailing, failure.Message);
        }
        finally
        {
            configs.Watching.Leave(watching);
        }
    }

    public override Task<ConfigReportReply> Report(ConfigReport request, ServerCallContext context)
    {
        using DeviceCall call = gate.Enter(context);
        Check(request.Hash, isRequired: true, request.Number);
        Check(ByteString.Empty, isRequired: false, request.RunningNumber);
        if (request.Outcome is not (ConfigOutcome.OnTrial or ConfigOutcome.Applied or ConfigOutcome.Rejected or ConfigOutcome.Reverted))
        {
            throw Invalid($"outcome {(int)request.Outcome} is none of on trial, applied, rejected and reverted.");
        }
        try
        {
            configs.Reports.Accept(call.Device, request);
            return Task.FromResult(new ConfigReportReply());
        }
        catch (StoreUnavailableException failure)
        {
            throw Failure(SessionOutcome.StoreFailing, failure.Message);
        }
    }

    public void Dispose() => _sending.Dispose();

    private static void Check(ByteString hash, bool isRequired, ulong number)
    {
        if (hash.Length != (isRequired ? HashBytes : 0))
        {
            throw Invalid($"The hash of revision {number} has {hash.Length} bytes, not {(isRequired ? HashBytes : 0)}.");
        }
        if (number > long.MaxValue)
        {
            throw Invalid($"Revision {number} is beyond what a number can be.");
        }
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    /// <summary>Until another call of the device takes this one's place.</summary>
    /// <param name="watching">Who waits.</param>
    /// <param name="held">The hash of what the device has: first what it says, then what it was sent.</param>
    /// <param name="responses">Where it is sent to.</param>
    private async Task SendAsync(WatchingDevice watching, byte[] held, IServerStreamWriter<ConfigRevision> responses)
    {
        long looked = 0;
        while (!watching.IsSuperseded)
        {
            Task changed = watching.Changed;
            if (configs.Desired.TryGet(watching.Device, out DesiredRevision? desired) && desired.Number > looked)
            {
                // The same bytes once more are for a device that has given them up since; one that asks anew says what it has.
                bool isNews = !desired.Hash.AsSpan().SequenceEqual(held) || (desired.IsRepeated && looked > 0);
                looked = desired.Number;
                if (isNews && !desired.IsRefused)
                {
                    await SendAsync(watching, desired.Number, responses);
                    held = desired.Hash;
                }
            }
            await changed.WaitAsync(watching.Ended);
        }
    }

    private async Task SendAsync(WatchingDevice watching, long number, IServerStreamWriter<ConfigRevision> responses)
    {
        await _sending.WaitAsync(watching.Ended);
        try
        {
            using var slow = new CancellationTokenSource(SendWithin, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, watching.Ended);
            try
            {
                await responses.WriteAsync(configs.Messages.Read(watching.Device, number), either.Token);
            }
            catch (Exception) when (slow.IsCancellationRequested)
            {
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"Revision {number} was not read within {SendWithin.TotalSeconds} s."));
            }
            configs.NoteSent(watching.Device, number);
        }
        finally
        {
            _sending.Release();
        }
    }

    private RpcException EndOf(ServerCallContext context) => lifetime.ApplicationStopping.IsCancellationRequested
        ? Failure(SessionOutcome.Stopping, "The service stops. Try again.")
        : context.CancellationToken.IsCancellationRequested ? new RpcException(new Status(StatusCode.Cancelled, "The connection broke."))
        : new RpcException(new Status(StatusCode.PermissionDenied, "The device may not call any more."));

    private RpcException Failure(SessionOutcome outcome, string message)
    {
        Metadata trailers = [];
        _retryAfter.AddTo(trailers, outcome);
        return new RpcException(new Status(new SessionEnd(outcome).StatusCode, message), trailers);
    }
}
