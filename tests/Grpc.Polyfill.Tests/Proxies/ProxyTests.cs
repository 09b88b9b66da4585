using EdgeAgent.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Polyfill.Tests.Proxies;

/// <summary>
/// Proxies that nobody here wrote, as they stand in front of services: they pass calls through, and they fail in their own words.
/// </summary>
public sealed class ProxyTests
{
    private const string Nginx = "nginx";
    private const string Haproxy = "haproxy";

    private const string NginxConfiguration = """
        daemon off;
        master_process off;
        pid @folder/nginx.pid;
        error_log stderr;
        worker_processes 1;
        events { }
        http {
          access_log off;
          client_body_temp_path @folder/body; proxy_temp_path @folder/proxy; fastcgi_temp_path @folder/fastcgi;
          uwsgi_temp_path @folder/uwsgi; scgi_temp_path @folder/scgi;
          server {
            listen 127.0.0.1:@port ssl http2;
            ssl_certificate @folder/server.crt; ssl_certificate_key @folder/server.key;
            client_max_body_size 0;
            grpc_ssl_verify on; grpc_ssl_name localhost; grpc_ssl_trusted_certificate @folder/root.pem;
            location / { grpc_pass grpcs://127.0.0.1:@upstream; }
            location = /raw/slow { grpc_read_timeout 1s; grpc_pass grpcs://127.0.0.1:@upstream; }
            location = /raw/nobody { grpc_pass grpcs://127.0.0.1:@nobody; }
            location = /raw/maintenance { return 503; }
            location = /raw/login { return 401; }
            location = /raw/elsewhere { return 302 https://elsewhere.invalid/; }
          }
        }
        """;

    private const string HaproxyConfiguration = """
        defaults
          mode http
          timeout connect 1s
          timeout client 30s
          timeout server 30s
        frontend devices
          bind 127.0.0.1:@port ssl crt @folder/server.pem alpn h2
          # An answer before the request is complete is followed by a reset, which may overtake it.
          http-request wait-for-body time 1s if { path_beg /raw/ }
          http-request return status 503 if { path /raw/maintenance }
          http-request return status 401 if { path /raw/login }
          http-request redirect location https://elsewhere.invalid/ code 302 if { path /raw/elsewhere }
          use_backend nobody if { path /raw/nobody }
          use_backend slow if { path /raw/slow }
          default_backend echo
        backend echo
          server echo 127.0.0.1:@upstream ssl verify required ca-file @folder/root.pem sni str(localhost) alpn h2
        backend slow
          timeout server 1s
          server slow 127.0.0.1:@upstream ssl verify required ca-file @folder/root.pem sni str(localhost) alpn h2
        backend nobody
          server nobody 127.0.0.1:@nobody ssl verify none alpn h2
        """;

    private static readonly Marshaller<Message> Protobuf = Marshallers.Create(message => message.ToByteArray(), Message.Parser.ParseFrom);

    [InstalledFact(Nginx)]
    public async Task Calls_pass_through_nginx()
    {
        await using ProxiedEcho echo = await StartNginxAsync();
        // nginx 1.22 keeps headers that come before all messages until the client sends once more.
        await ExpectCallsPassAsync(echo, keepsEarlyHeaders: true);
    }

    [InstalledFact(Haproxy)]
    public async Task Calls_pass_through_haproxy()
    {
        await using ProxiedEcho echo = await StartHaproxyAsync();
        await ExpectCallsPassAsync(echo, keepsEarlyHeaders: false);
    }

    [InstalledFact(Nginx)]
    public async Task What_nginx_answers_by_itself_has_the_status_of_its_http_status()
    {
        await using ProxiedEcho echo = await StartNginxAsync();
        await ExpectFailuresAsync(echo);
    }

    [InstalledFact(Haproxy)]
    public async Task What_haproxy_answers_by_itself_has_the_status_of_its_http_status()
    {
        await using ProxiedEcho echo = await StartHaproxyAsync();
        await ExpectFailuresAsync(echo);
    }

    private static Task<ProxiedEcho> StartNginxAsync() =>
        ProxiedEcho.StartAsync(Nginx, NginxConfiguration, "-e", "stderr", "-p", "@folder", "-c", "@folder/proxy.conf");

    private static Task<ProxiedEcho> StartHaproxyAsync() =>
        ProxiedEcho.StartAsync(Haproxy, HaproxyConfiguration, "-db", "-f", "@folder/proxy.conf");

    private static async Task ExpectCallsPassAsync(ProxiedEcho echo, bool keepsEarlyHeaders)
    {
        echo.Server.Behaviour.Collect = async (messages, context) =>
        {
            Assert.True(await messages.MoveNext());
            await context.WriteResponseHeadersAsync(new Metadata { { "resume-at-bin", [0, 1, 0xFF] } });
            context.ResponseTrailers.Add("left", "0");
            return new Summary { Messages = 1 + await messages.ReadAllAsync().CountAsync() };
        };
        var block = new Message { Data = ByteString.CopyFrom(new byte[10_000]) };

        Assert.Equal("hello", (await echo.Client.SayAsync(new Message { Text = "hello" })).Text);

        using AsyncClientStreamingCall<Message, Summary> collect = echo.Client.Collect(deadline: DateTime.UtcNow.AddSeconds(20));
        int sent = 0;
        do
        {
            await collect.RequestStream.WriteAsync(block);
            sent++;
        }
        while (keepsEarlyHeaders
            && await Task.WhenAny(collect.ResponseHeadersAsync, Task.Delay(TimeSpan.FromMilliseconds(50))) != collect.ResponseHeadersAsync);
        // While requests are still to come.
        Assert.Equal([0, 1, 0xFF], (await collect.ResponseHeadersAsync).GetValueBytes("resume-at-bin"));
        for (; sent < 500; sent++)
        {
            await collect.RequestStream.WriteAsync(block);
        }
        await collect.RequestStream.CompleteAsync();
        Assert.Equal(500, (await collect).Messages);
        Assert.Equal("0", collect.GetTrailers().GetValue("left"));

        using AsyncServerStreamingCall<Message> repeat = echo.Client.Repeat(new RepeatRequest { Message = block, Times = 500 });
        Assert.Equal(500, await repeat.ResponseStream.ReadAllAsync().CountAsync());

        using AsyncDuplexStreamingCall<Message, Message> chat = echo.Client.Chat();
        for (int i = 0; i < 10; i++)
        {
            await chat.RequestStream.WriteAsync(new Message { Text = $"{i}" });
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal($"{i}", chat.ResponseStream.Current.Text);
        }

        echo.Server.Behaviour.Say = (_, _) => throw new RpcException(new Status(StatusCode.AlreadyExists, "größe 100 %"));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await echo.Client.SayAsync(new Message()));
        Assert.Equal(new Status(StatusCode.AlreadyExists, "größe 100 %"), failure.Status);
    }

    private static async Task ExpectFailuresAsync(ProxiedEcho echo)
    {
        await ExpectAsync("maintenance", StatusCode.Unavailable);
        await ExpectAsync("login", StatusCode.Unauthenticated);
        await ExpectAsync("elsewhere", StatusCode.Unknown);
        await ExpectAsync("nobody", StatusCode.Unavailable);
        await ExpectAsync("slow", StatusCode.Unavailable);

        using AsyncDuplexStreamingCall<Message, Message> chat = echo.Client.Chat();
        await chat.RequestStream.WriteAsync(new Message());
        Assert.True(await chat.ResponseStream.MoveNext());
        echo.KillProxy();
        RpcException cut = await Assert.ThrowsAsync<RpcException>(() => chat.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, cut.StatusCode);

        async Task ExpectAsync(string method, StatusCode expected)
        {
            var raw = new Method<Message, Message>(MethodType.Unary, "raw", method, Protobuf, Protobuf);
            RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await echo.Invoker.AsyncUnaryCall(
                raw, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(20)), new Message()));
            Assert.True(expected == failure.StatusCode, $"{method}: {failure.Status}");
        }
    }
}
