using System.Net;

namespace EdgeAgent.Uplink.Connecting;

/// <summary>
/// Stands between the calls of one connection and its HTTP handler: tells apart why a call got no answer of the service, in one sentence, and notes
/// that the endpoint failed.
/// </summary>
internal sealed class AnswerCheck(ServiceConnector connector, string? authority, HttpMessageHandler handler) : DelegatingHandler(handler)
{
    private bool _hasAnswered;
    private bool _hasFailed;

    /// <summary>The service is not to be had by this endpoint: the next session goes to another one.</summary>
    public bool HasFailed => Volatile.Read(ref _hasFailed);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A load balancer that chooses by name is told the same one in TLS and in HTTP; some refuse the request where they differ.
        request.Headers.Host = authority;
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (failure.InnerException is ConnectFailedException known)
        {
            throw Failed(known);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // One that has answered before is just being restarted, perhaps; if not, the next attempt to connect says so.
            if (!Volatile.Read(ref _hasAnswered))
            {
                connector.Counted(new ConnectFailedException(ConnectFailureCause.CutOff, failure.Message));
                Volatile.Write(ref _hasFailed, true);
            }
            throw;
        }
        if (!IsForeign(response))
        {
            Volatile.Write(ref _hasAnswered, true);
            return response;
        }
        using (response)
        {
            string type = response.Content.Headers.ContentType is { } given ? $"content type {given}" : "no content type";
            throw Failed(connector.Counted(new ConnectFailedException(
                ConnectFailureCause.NoService,
                $"{connector.Endpoint.Authority} answered with HTTP status {(int)response.StatusCode} and {type} instead of gRPC: "
                    + "a load balancer or a portal is there, and no service behind it.")));
        }
    }

    /// <summary>
    /// What a load balancer answers for a service that it does not reach, and where a portal sends. Other statuses (not allowed, no such method)
    /// are words about this device or its calls: gRPC's own table takes them.
    /// </summary>
    private static bool IsForeign(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK => response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true
            && !response.Headers.NonValidated.Contains("grpc-status"),
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError => true,
        _ => false,
    };

    /// <summary>Without the original inside, whose words would be told twice.</summary>
    private HttpRequestException Failed(ConnectFailedException failure)
    {
        Volatile.Write(ref _hasFailed, true);
        return new HttpRequestException(HttpRequestError.ConnectionError, failure.Message);
    }
}
