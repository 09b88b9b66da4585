using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The options that hold for one service: its own where they are set, those of all services otherwise.</summary>
internal sealed class ServiceSettings
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    public ServiceSettings(GrpcServiceOptions all, GrpcServiceOptions own)
    {
        MaxReceiveMessageSize = own.IsMaxReceiveMessageSizeSet ? own.MaxReceiveMessageSize
            : all.IsMaxReceiveMessageSizeSet ? all.MaxReceiveMessageSize
            : DefaultMaxReceiveMessageSize;
        MaxSendMessageSize = own.IsMaxSendMessageSizeSet ? own.MaxSendMessageSize : all.MaxSendMessageSize;
        EnableDetailedErrors = own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false;
        ResponseEncoding = own.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        ResponseLevel = own.ResponseCompressionLevel ?? all.ResponseCompressionLevel;
        Codecs = new Codecs([.. Codecs.Standard, .. all.CompressionProviders, .. own.CompressionProviders]);
        Interceptors = [.. all.Interceptors, .. own.Interceptors];
        if (!Codecs.TryFind(ResponseEncoding, out _))
        {
            throw new InvalidOperationException($"There is no compression provider for the response encoding '{ResponseEncoding}'.");
        }
    }

    public int? MaxReceiveMessageSize { get; }

    public int? MaxSendMessageSize { get; }

    public bool EnableDetailedErrors { get; }

    public string? ResponseEncoding { get; }

    public CompressionLevel? ResponseLevel { get; }

    public Codecs Codecs { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
