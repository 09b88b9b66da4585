using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Serving;

namespace EdgeAgent.Interop.Commands;

/// <summary><c>server</c>: serves the test service on loopback until it is told to end.</summary>
internal static class ServerCommand
{
    private static readonly Option<int> s_port = new("--port") { Description = "The port on loopback; 0 takes a free one." };

    private static readonly Option<bool> s_useTls = new("--use_tls") { Description = "Whether to encrypt." };

    private static readonly Option<FileInfo> s_certificate = new Option<FileInfo>("--tls_cert_file")
    {
        Description = "The server's certificate, in PEM.",
    }.AcceptExistingOnly();

    private static readonly Option<FileInfo> s_key = new Option<FileInfo>("--tls_key_file")
    {
        Description = "Its key, in PEM.",
    }.AcceptExistingOnly();

    public static Command Create()
    {
        var command = new Command("server", "Serve the test cases; print \"port N\" when ready.")
        {
            s_port, s_useTls, s_certificate, s_key,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(s_useTls) && (result.GetValue(s_certificate) is null || result.GetValue(s_key) is null))
            {
                result.AddError("--use_tls needs --tls_cert_file and --tls_key_file.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using X509Certificate2? identity = parsed.GetValue(s_useTls)
            ? X509Certificate2.CreateFromPemFile(parsed.GetRequiredValue(s_certificate).FullName, parsed.GetRequiredValue(s_key).FullName)
            : null;
        await using InteropServer server = await InteropServer.StartAsync(parsed.GetValue(s_port), identity);
        await parsed.InvocationConfiguration.Output.WriteLineAsync($"port {server.Port}");
        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }
}
