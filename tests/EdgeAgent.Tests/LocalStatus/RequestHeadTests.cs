using System.Text;
using EdgeAgent.LocalStatus;

namespace EdgeAgent.Tests.LocalStatus;

public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:9464\r\nAccept: */*\r\n\r\n", "GET", "/", "127.0.0.1:9464")]
    [InlineData("GET /status?x=1&y=/z HTTP/1.1\r\nhOST:\t localhost \r\n\r\n", "GET", "/status", "localhost")]
    [InlineData("POST /status HTTP/1.0\r\n\r\nbody", "POST", "/status", null)]
    [InlineData("GET /a HTTP/1.1\r\nHost:\r\n\r\n", "GET", "/a", "")]
    public void A_request_is_read_and_what_is_behind_its_head_is_left(string text, string method, string path, string? host)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(RequestReading.Complete, RequestHead.TryRead(bytes, out RequestHead head));
        Assert.Equal(new RequestHead(method, path, host), head);
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        for (int length = 0; length < end; length++)
        {
            Assert.Equal(RequestReading.Incomplete, RequestHead.TryRead(bytes.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://elsewhere/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\n\r\n")]
    [InlineData("GET / x HTTP/1.1\r\n\r\n")]
    [InlineData("GET /\u00fc HTTP/1.1\r\n\r\n")]
    [InlineData("G\tT / HTTP/1.1\r\n\r\n")]
    [InlineData("VERYLONGMETHODNAMES / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n folded\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public void What_is_no_request_is_malformed(string text) => Assert.Equal(RequestReading.Malformed, RequestHead.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void No_bytes_throw()
    {
        byte[] sound = "GET /status HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"u8.ToArray();
        var random = new Random(8);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. sound];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            RequestHead.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out _);
        }
    }
}
