using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Asks call credentials for the headers of one call.</summary>
internal sealed class CallCredentialsReader : CallCredentialsConfiguratorBase
{
    private readonly List<AsyncAuthInterceptor> _interceptors = [];

    public static async Task AddHeadersAsync(CallCredentials credentials, AuthInterceptorContext context, Metadata headers)
    {
        var reader = new CallCredentialsReader();
        credentials.InternalPopulateConfiguration(reader, null);
        foreach (AsyncAuthInterceptor interceptor in reader._interceptors)
        {
            await interceptor(context, headers).ConfigureAwait(false);
        }
    }

    public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
    {
        foreach (CallCredentials part in credentials)
        {
            part.InternalPopulateConfiguration(this, state);
        }
    }

    public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) =>
        _interceptors.Add(interceptor);
}
