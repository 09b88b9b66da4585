using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Serving;

namespace EdgeAgent.Interop.Commands;

/// <summary><c>server</c>: serves the test service on loopback until it is told to end.</summary>
internal static class ServerCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port on loopback; 0 takes a free one." };
        var useTls = new Option<bool>("--use_tls") { Description = "Whether to encrypt." };
        Option<FileInfo> certificate = new Option<FileInfo>("--tls_cert_file") { Description = "The server's certificate, in PEM." }.AcceptExistingOnly();
        Option<FileInfo> key = new Option<FileInfo>("--tls_key_file") { Description = "Its key, in PEM." }.AcceptExistingOnly();
        var command = new Command("server", "Serve the test cases; print \"port N\" when ready.") { port, useTls, certificate, key };
        command.Validators.Add(result =>
        {
            if (result.GetValue(useTls) && (result.GetValue(certificate) is null || result.GetValue(key) is null))
            {
                result.AddError("--use_tls needs --tls_cert_file and --tls_key_file.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using X509Certificate2? identity = parsed.GetValue(useTls)
                ? X509Certificate2.CreateFromPemFile(parsed.GetRequiredValue(certificate).FullName, parsed.GetRequiredValue(key).FullName)
                : null;
            await using InteropServer server = await InteropServer.StartAsync(parsed.GetValue(port), identity);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"port {server.Port}");
            await server.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }
}
