using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads what channel credentials are made of, and checks that they fit the address.</summary>
internal sealed class ChannelCredentialsReader(bool isSecure) : ChannelCredentialsConfiguratorBase
{
    private readonly List<CallCredentials> _calls = [];

    public static IReadOnlyList<CallCredentials> Read(ChannelCredentials? credentials, bool isSecure)
    {
        var reader = new ChannelCredentialsReader(isSecure);
        credentials?.InternalPopulateConfiguration(reader, reader);
        return reader._calls;
    }

    public override void SetInsecureCredentials(object state)
    {
        if (isSecure)
        {
            throw new InvalidOperationException("An https address does not go with insecure credentials.");
        }
    }

    public override void SetSslCredentials(
        object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        if (!isSecure)
        {
            throw new InvalidOperationException("An http address does not go with TLS credentials.");
        }
        if (rootCertificates is not null || keyCertificatePair is not null || verifyPeerCallback is not null)
        {
            throw new InvalidOperationException("Set roots, certificates and their validation on the HTTP handler.");
        }
    }

    public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, state);
        _calls.Add(callCredentials);
    }
}
