using System.Diagnostics.CodeAnalysis;
using System.Net;
using EdgeAgent.Supervision;

namespace EdgeAgent.Ingestion.Hosting;

/// <summary>
/// Asks this process for its own page now and then, over a new connection, as a browser would. Any answer is one: what is proven is that connections are accepted and
/// requests served. The page's port and not the devices', whose limits may well turn away somebody at the moment, and rightly.
/// </summary>
internal sealed class SelfCheck : IAsyncDisposable
{
    /// <summary>How often. Costs a request of a millisecond.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take; then it is asked again, over another connection.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private readonly Uri _page;
    private readonly Heartbeat _heart;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _asking;

    public SelfCheck(Uri page, Heartbeats hearts, TimeProvider time)
    {
        (_page, _time, _client) = (page, time, new HttpClient(ToSelf()) { Timeout = AnswerWithin });
        // From one answer to the next one, and two attempts more.
        _heart = hearts.Add("the server, which does not answer itself", Every + (3 * AnswerWithin));
        _asking = Task.Run(AskAsync);
    }

    /// <summary>Where this machine finds the page.</summary>
    public static Uri PageOf(IngestionOptions options, int port)
    {
        IPAddress address = options.Web.Address;
        IPAddress reached = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        string scheme = options.WebAccess.CertificateFile is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return new Uri($"{scheme}://{new IPEndPoint(reached, port)}/");
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _over.Dispose();
    }

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "It asks itself, for a page that everybody may see, and says nothing that is secret.")]
    private static SocketsHttpHandler ToSelf() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    };

    private async Task AskAsync()
    {
        _heart.Turn();
        while (!_over.IsCancellationRequested)
        {
            if (await IsAnsweredAsync())
            {
                _heart.Turn();
                await Task.Delay(Every, _time, _over.Token);
            }
        }
    }

    private async Task<bool> IsAnsweredAsync()
    {
        try
        {
            using HttpResponseMessage _ = await _client.GetAsync(_page, HttpCompletionOption.ResponseHeadersRead, _over.Token);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            // Refused at once where the listener is gone: not asked in a circle.
            await Task.Delay(AnswerWithin / 4, _time, _over.Token);
            return false;
        }
    }
}
