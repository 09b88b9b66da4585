using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Bench.Grpc;

/// <summary>Kestrel with its own defaults: the service, and beside it an endpoint that reads a body to its end and knows nothing of gRPC.</summary>
internal static class SinkServer
{
    public const string BarePath = "/bare";

    /// <summary>Says its port, then for each line of input what it has used, until the input ends.</summary>
    public static async Task RunAsync(string certificateFile, string keyFile)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(pem);
        }));
        await using WebApplication app = builder.Build();
        app.MapGrpcService<SinkService>();
        app.MapPost(BarePath, CountAsync);
        await app.StartAsync();
        Console.WriteLine(JsonSerializer.Serialize(new Listening(new Uri(app.Urls.Single()).Port), JsonSerializerOptions.Web));
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(JsonSerializer.Serialize(Processor.Now(), JsonSerializerOptions.Web));
        }
        await app.StopAsync();
    }

    private static async Task CountAsync(HttpContext http)
    {
        // What a gRPC service lifts as well: a stream may last.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        http.Features.Get<IHttpMinRequestBodyDataRateFeature>()!.MinDataRate = null;
        PipeReader body = http.Request.BodyReader;
        long bytes = 0;
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            bytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }
        await http.Response.WriteAsync(bytes.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class SinkService : Sink.SinkBase
    {
        public override async Task<Total> Collect(IAsyncStreamReader<Block> requestStream, ServerCallContext context)
        {
            var total = new Total();
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                total.Messages++;
                total.Bytes += requestStream.Current.CalculateSize();
            }
            return total;
        }
    }
}
