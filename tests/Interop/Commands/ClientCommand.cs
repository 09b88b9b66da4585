using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Cases;

namespace EdgeAgent.Interop.Commands;

/// <summary><c>client</c>: runs cases against a server. Flags are named as the public interop description names them.</summary>
internal static class ClientCommand
{
    private const string AllCases = "all";

    public static Command Create()
    {
        var host = new Option<string>("--server_host") { Description = "The server to connect to.", DefaultValueFactory = _ => "localhost" };
        var hostOverride = new Option<string?>("--server_host_override") { Description = "The name to call and to verify. Default: --server_host." };
        var port = new Option<int>("--server_port") { Description = "Its port.", Required = true };
        var testCase = new Option<string>("--test_case") { Description = "The case to run, or all.", Required = true };
        testCase.Validators.Add(result =>
        {
            if (result.GetValue(testCase) is not AllCases and var name && InteropCase.All.All(each => each.Name != name))
            {
                result.AddError($"'{name}' is no test case. The cases are: {string.Join(", ", InteropCase.All.Select(each => each.Name))}.");
            }
        });
        var useTls = new Option<bool>("--use_tls") { Description = "Whether to encrypt." };
        var useTestCa = new Option<bool>("--use_test_ca") { Description = "Trust the roots of --ca_file and none of the platform's. Implied by --ca_file." };
        Option<FileInfo> authorities = new Option<FileInfo>("--ca_file") { Description = "The roots to trust, in PEM." }.AcceptExistingOnly();
        var command = new Command("client", "Run test cases against a server; print PASS or FAIL for each; exit with 1 where one failed.")
        {
            host, hostOverride, port, testCase, useTls, useTestCa, authorities,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(useTestCa) && result.GetValue(authorities) is null)
            {
                result.AddError("--use_test_ca needs --ca_file, since this program carries no roots of its own.");
            }
        });
        command.SetAction(async (parsed, _) =>
        {
            var target = new Target(
                parsed.GetRequiredValue(host),
                parsed.GetRequiredValue(port),
                parsed.GetValue(useTls),
                parsed.GetValue(hostOverride),
                Read(parsed.GetValue(authorities)));
            string name = parsed.GetRequiredValue(testCase);
            using var client = new TestClient(target);
            bool passed = await client.RunAsync(
                InteropCase.All.Where(each => name is AllCases || name == each.Name), parsed.InvocationConfiguration.Output);
            return passed ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static X509Certificate2Collection? Read(FileInfo? file)
    {
        if (file is null)
        {
            return null;
        }
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file.FullName);
        return authorities;
    }
}
