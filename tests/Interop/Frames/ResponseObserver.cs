using System.Net;

namespace EdgeAgent.Interop.Frames;

/// <summary>Watches the frames of responses on their way to the client. One call at a time, as the cases make them.</summary>
internal sealed class ResponseObserver(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The flags of the call that was started last.</summary>
    public MessageFlags LastCall { get; private set; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var flags = new MessageFlags();
        LastCall = flags;
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        response.Content = new ObservedContent(response.Content, flags);
        return response;
    }

    private sealed class ObservedContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly MessageFlags _flags;

        public ObservedContent(HttpContent content, MessageFlags flags)
        {
            (_content, _flags) = (content, flags);
            foreach ((string name, IEnumerable<string> values) in content.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            new ObservedStream(await _content.ReadAsStreamAsync(cancellationToken), _flags);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException("A gRPC client reads the response as a stream.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
