using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EdgeAgent.Tests.RemoteConfig;

/// <summary>A service with configurations for one device: sends the newest where it differs from what the device holds, and hears what becomes of it.</summary>
internal sealed class ScriptedConfig : Config.ConfigBase
{
    private readonly Lock _gate = new();
    private readonly List<WatchRequest> _watches = [];
    private readonly List<ConfigReport> _reports = [];
    private ConfigRevision? _newest;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<WatchRequest> Watches
    {
        get
        {
            lock (_gate)
            {
                return [.. _watches];
            }
        }
    }

    public IReadOnlyList<ConfigReport> Reports
    {
        get
        {
            lock (_gate)
            {
                return [.. _reports];
            }
        }
    }

    /// <summary>So many reports fail before one is taken.</summary>
    public int FailingReports { get; set; }

    public void Push(ulong number, string document, bool bootstrap = false)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(document);
        lock (_gate)
        {
            _newest = new ConfigRevision
            {
                Number = number,
                Hash = ByteString.CopyFrom(SHA256.HashData(bytes)),
                Author = "alice",
                Document = ByteString.CopyFrom(bytes),
                MayChangeBootstrap = bootstrap,
            };
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<ConfigRevision> responseStream, ServerCallContext context)
    {
        ulong sent = request.HeldNumber;
        lock (_gate)
        {
            _watches.Add(request);
        }
        while (true)
        {
            (ConfigRevision? newest, Task changed) = Look();
            if (newest is not null && newest.Number != sent)
            {
                await responseStream.WriteAsync(newest);
                sent = newest.Number;
            }
            await changed.WaitAsync(context.CancellationToken);
        }
    }

    public override Task<ConfigReportReply> Report(ConfigReport request, ServerCallContext context)
    {
        lock (_gate)
        {
            if (FailingReports-- > 0)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "not now"));
            }
            _reports.Add(request);
        }
        return Task.FromResult(new ConfigReportReply());
    }

    private (ConfigRevision? Newest, Task Changed) Look()
    {
        lock (_gate)
        {
            return (_newest, _changed.Task);
        }
    }
}
