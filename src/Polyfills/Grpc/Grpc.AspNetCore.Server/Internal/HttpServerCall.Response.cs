using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Framing;
using Grpc.Net.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What goes to the client before the status: headers and messages.</summary>
internal sealed partial class HttpServerCall
{
    /// <summary>HTTP/2's CANCEL (RFC 9113, section 7).</summary>
    private const int Http2Cancel = 0x8;

    /// <summary>
    /// How many bytes may wait for <see cref="WriteFlags.BufferHint"/> to end: Kestrel's own buffer, past which it would push back.
    /// </summary>
    private const int MaxUnflushed = 64 * 1024;

    private readonly FrameWriter _writer;
    private ICompressionProvider? _responseCodec;
    private int _unflushed;
    private bool _hasWritten;

    /// <summary>Writes one message.</summary>
    /// <exception cref="InvalidOperationException">Another write is under way, or the call has ended.</exception>
    /// <exception cref="OperationCanceledException">The client is gone, the deadline passed, or the token was cancelled.</exception>
    public async Task WriteAsync<T>(T message, Marshaller<T> marshaller, WriteOptions? options, CancellationToken cancellationToken)
    {
        EnterGate("A message is being written: await it before the next one.");
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static http => ((IFeatureCollection)http!).Get<IHttpResetFeature>()?.Reset(Http2Cancel), Http.Features);
            WriteFlags flags = options?.Flags ?? 0;
            ReadOnlyMemory<byte> frame = _writer.Write(
                message,
                marshaller.ContextualSerializer,
                (flags & WriteFlags.NoCompress) != 0 ? null : _responseCodec,
                Settings.ResponseLevel);
            _hasWritten = true;
            _unflushed += frame.Length;
            Http.Response.BodyWriter.Write(frame.Span);
            if ((flags & WriteFlags.BufferHint) == 0 || _unflushed > MaxUnflushed)
            {
                await FlushAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _writer.Release();
            _gate.Release();
        }
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        EnterGate("A message is being written: await it before headers.");
        try
        {
            if (Http.Response.HasStarted || _hasWritten)
            {
                throw new InvalidOperationException("Response headers go out once, before the first response.");
            }
            if (responseHeaders.GetValue(Metadata.CompressionRequestKey) is { } encoding)
            {
                ChooseResponseEncoding(encoding);
            }
            StatusTrailers.Add(Http.Response.Headers, responseHeaders);
            await FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sends what was written, and waits while the client does not take it. Starts the response if need be.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        FlushResult flushed = await Http.Response.BodyWriter.FlushAsync(_token).ConfigureAwait(false);
        _unflushed = 0;
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The client ended the call.", _clientGone);
        }
    }

    private void EnterGate(string otherwise)
    {
        ThrowIfEnded();
        if (!_gate.Wait(0, CancellationToken.None))
        {
            throw new InvalidOperationException(otherwise);
        }
        try
        {
            // Again, behind the gate: the deadline may have passed in between.
            ThrowIfEnded();
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    /// <summary>Compresses responses so if the client understands it; otherwise they stay as they are.</summary>
    private void ChooseResponseEncoding(string? encoding)
    {
        if (Settings.Codecs.TryFind(encoding, out ICompressionProvider? codec) && (codec is null || IsAccepted(codec.EncodingName)))
        {
            _responseCodec = codec;
            Http.Response.Headers[GrpcHeaders.Encoding] = codec?.EncodingName;
        }
    }

    private bool IsAccepted(string encoding)
    {
        foreach (string? list in Http.Request.Headers[GrpcHeaders.AcceptEncoding])
        {
            foreach (Range item in list.AsSpan().Split(','))
            {
                if (list.AsSpan()[item].Trim().SequenceEqual(encoding))
                {
                    return true;
                }
            }
        }
        return false;
    }
}
