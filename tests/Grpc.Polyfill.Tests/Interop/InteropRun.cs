using EdgeAgent.Interop.Cases;
using EdgeAgent.Interop.Serving;
using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>All cases between a client and a server, over TLS, run once when the first test of the pair asks.</summary>
public abstract class InteropRun
{
    private readonly Lazy<Task<string>> _output;

    protected InteropRun() => _output = new Lazy<Task<string>>(async () =>
    {
        using var folder = new InteropFolder();
        return await RunAsync(folder);
    });

    /// <summary>Fails with the reason that the client gave.</summary>
    public Task AssertPassedAsync(string name) => AssertPrintedAsync($"PASS {name}");

    /// <summary>The client's line on a case is this one.</summary>
    public async Task AssertPrintedAsync(string line)
    {
        string name = line.Split(' ', 3)[1].TrimEnd(':');
        string output = await _output.Value;
        string? printed = output.Split('\n').FirstOrDefault(each => each.Split(' ', 3) is [_, var named, ..] && named.TrimEnd(':') == name);
        Assert.True(line == printed, printed ?? $"There is no line on {name} in:\n{output}");
    }

    /// <returns>What the client printed.</returns>
    private protected abstract Task<string> RunAsync(InteropFolder folder);
}

/// <summary>A foreign client against this server.</summary>
public abstract class ForeignClientRun : InteropRun
{
    private readonly InteropPeer _peer;

    private protected ForeignClientRun(InteropPeer peer) => _peer = peer;

    private protected override async Task<string> RunAsync(InteropFolder folder)
    {
        await using InteropServer server = await InteropServer.StartAsync(port: 0, folder.ServerCertificate);
        return await _peer.RunClientAsync(server.Port, folder);
    }
}

/// <summary>This client against a foreign server.</summary>
public abstract class ForeignServerRun : InteropRun
{
    private readonly InteropPeer _peer;

    private protected ForeignServerRun(InteropPeer peer) => _peer = peer;

    private protected override async Task<string> RunAsync(InteropFolder folder)
    {
        await using ForeignProcess server = _peer.StartServer(folder);
        int port = await PrintedPort.ReadAsync(server);
        using var client = new TestClient(new Target("localhost", port, UseTls: true, Authorities: [folder.Root]));
        using var output = new StringWriter();
        await client.RunAsync(InteropCase.Public.Concat(InteropCase.Own), output);
        return output.ToString();
    }
}
