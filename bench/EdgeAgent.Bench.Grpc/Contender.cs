using EdgeAgent.Testing;

namespace EdgeAgent.Bench.Grpc;

/// <summary>What the client of this program streams by.</summary>
internal enum Kind
{
    /// <summary>The service, through the generated client.</summary>
    Grpc,

    /// <summary>The bare stream, a write for each message.</summary>
    Bare,

    /// <summary>The bare stream, messages gathered into writes of up to 64 KiB.</summary>
    BareBatched,
}

/// <summary>One column of the comparison.</summary>
/// <param name="Name">As it is printed.</param>
/// <param name="Pair">The two processes; null where the peer is not installed.</param>
/// <param name="What">What the client is told before size and seconds.</param>
internal sealed record Contender(string Name, Pair? Pair, string What)
{
    private const string Python = "/usr/bin/python3";
    private const string Grpcio = "/usr/lib/python3/dist-packages/grpc/__init__.py";

    /// <summary>All of them, in the order of a round. The first is measured: the polyfill, or the package with -p:Packages=nuget. The second is its limit.</summary>
    public static async Task<IReadOnlyList<Contender>> StartAllAsync(Certificates certificates)
    {
        Pair self = await Pair.StartSelfAsync(certificates);
        Pair? grpcio = File.Exists(Python) && File.Exists(Grpcio)
            ? await Pair.StartAsync(Python, "peers/grpcio_sink.py", new Dictionary<string, string>(), certificates)
            : null;
        string? node = InstalledFactAttribute.Find("node");
        Pair? grpcJs = node is not null && Directory.Exists(Path.Combine(NodePeers.Environment["NODE_PATH"], "@grpc/grpc-js"))
            ? await Pair.StartAsync(node, "peers/grpc_js_sink.js", NodePeers.Environment, certificates)
            : null;
        return
        [
            new Contender("Grpc.Net.Client", self, nameof(Kind.Grpc)),
            new Contender("bare stream", self, nameof(Kind.Bare)),
            new Contender("bare, batched", self, nameof(Kind.BareBatched)),
            new Contender("grpcio", grpcio, ""),
            new Contender("grpc-js", grpcJs, ""),
        ];
    }
}
