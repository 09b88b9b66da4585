using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>A program that speaks the test service in both roles, with the flags of the public interop description.</summary>
internal sealed record InteropPeer(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string>? Environment)
{
    /// <summary>More than all cases together take on a loaded machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static InteropPeer Grpcio { get; } = new("/usr/bin/python3", [Beside("Interop/interop_peer.py")], null);

    public static InteropPeer GrpcJs { get; } = new("node", [Beside("Interop/interop_peer.js")], NodePeers.Environment);

    /// <summary>This project's own program. It carries the protocol itself.</summary>
    public static InteropPeer Own { get; } = new("dotnet", [Beside("EdgeAgent.Interop.dll")], null);

    /// <summary>Runs all cases as a client and returns what it printed.</summary>
    public async Task<string> RunClientAsync(int port, InteropFolder folder)
    {
        string[] arguments =
        [
            .. Arguments, "client", .. DescriptorsFlag(folder), "--server_host=localhost", $"--server_port={port}",
            "--use_tls=true", $"--ca_file={folder.RootFile}", "--test_case=all,rich_status_details",
        ];
        (_, string output) = await ForeignProcess.RunAsync(Program, arguments, Patience, Environment);
        return output;
    }

    public ForeignProcess StartServer(InteropFolder folder)
    {
        string[] arguments =
        [
            .. Arguments, "server", .. DescriptorsFlag(folder), "--port=0",
            "--use_tls=true", $"--tls_cert_file={folder.CertificateFile}", $"--tls_key_file={folder.KeyFile}",
        ];
        return ForeignProcess.Start(Program, arguments, Environment);
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private IEnumerable<string> DescriptorsFlag(InteropFolder folder) =>
        ReferenceEquals(this, Own) ? [] : [$"--descriptors={folder.DescriptorsFile}"];
}
