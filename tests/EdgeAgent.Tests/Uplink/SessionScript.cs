using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

/// <summary>What the service does differently in one session. Whatever is null happens as the contract says.</summary>
internal sealed class SessionScript
{
    /// <summary>Before the headers are sent.</summary>
    public Func<CancellationToken, Task>? OnOpen { get; init; }

    /// <summary>Put in place of the watermark in the headers.</summary>
    public ulong? Watermark { get; init; }

    /// <summary>More headers.</summary>
    public Metadata Headers { get; init; } = [];

    /// <summary>Before a record or gap is looked at.</summary>
    public Func<UploadRequest, CancellationToken, Task>? OnRequest { get; init; }

    /// <summary>After all is stored, before the receipt goes out.</summary>
    public Func<CancellationToken, Task>? OnReceipt { get; init; }

    /// <summary>Changes the receipt.</summary>
    public Action<UploadReceipt>? Receipt { get; init; }

    /// <summary>A peer that is connected and says nothing more.</summary>
    public static Task Hang(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public static RpcException Status(StatusCode code, params (string Key, string Value)[] trailers)
    {
        var metadata = new Metadata();
        foreach ((string key, string value) in trailers)
        {
            metadata.Add(key, value);
        }
        return new RpcException(new Status(code, $"scripted {code}"), metadata);
    }
}
