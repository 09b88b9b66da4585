using System.Globalization;
using EdgeAgent.Testing;

namespace EdgeAgent.Bench.Grpc;

/// <summary>A client process and a server process of one make.</summary>
internal sealed class Pair(Peer server, Peer client) : IAsyncDisposable
{
    /// <summary>Ours: both kinds of stream go through the same two processes.</summary>
    public static async Task<Pair> StartSelfAsync(Certificates certificates) => await StartAsync(
        Peer.StartSelf("server", certificates.Certificate, certificates.Key),
        port => Peer.StartSelf("client", port, certificates.Root));

    /// <summary>A script that knows both roles.</summary>
    public static async Task<Pair> StartAsync(
        string program, string script, IReadOnlyDictionary<string, string> environment, Certificates certificates)
    {
        string path = Path.Combine(AppContext.BaseDirectory, script);
        return await StartAsync(
            Peer.Start(program, environment, path, "server", certificates.Certificate, certificates.Key),
            port => Peer.Start(program, environment, path, "client", port, certificates.Root));
    }

    /// <summary>One round.</summary>
    /// <param name="what">What the client is told before size and seconds; may be empty.</param>
    /// <param name="size">Bytes a message.</param>
    /// <param name="time">How long to write.</param>
    public async Task<Round> RunAsync(string what, int size, TimeSpan time)
    {
        Usage before = await server.AskAsync<Usage>("usage");
        Sent sent = await client.AskAsync<Sent>(string.Create(CultureInfo.InvariantCulture, $"{what} {size} {time.TotalSeconds}").TrimStart());
        Usage after = await server.AskAsync<Usage>("usage");
        if (sent.Messages == 0 || sent.Bytes != sent.Messages * size)
        {
            throw new InvalidOperationException($"{sent.Messages} messages of {size} bytes cannot be {sent.Bytes} bytes: the figures mean nothing.");
        }
        return new Round(sent, new Usage(after.Cpu - before.Cpu, after.Allocated - before.Allocated));
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    private static async Task<Pair> StartAsync(Peer server, Func<string, Peer> startClient)
    {
        try
        {
            Listening listening = await server.ListenAsync<Listening>();
            return new Pair(server, startClient(listening.Port.ToString(CultureInfo.InvariantCulture)));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}

/// <summary>What both sides of a pair are told: PEM files of one authority.</summary>
internal sealed record Certificates(string Root, string Certificate, string Key)
{
    public static Certificates Create(string folder)
    {
        using var authority = new TestAuthority();
        string root = Path.Combine(folder, "root.pem");
        File.WriteAllText(root, authority.RootPem);
        using var server = authority.IssueServer();
        (string certificate, string key) = TestAuthority.WritePem(server, folder, "server");
        return new Certificates(root, certificate, key);
    }
}
