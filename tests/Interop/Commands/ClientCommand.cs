using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Interop.Cases;

namespace EdgeAgent.Interop.Commands;

/// <summary><c>client</c>: runs cases against a server. Flags are named as the public interop description names them.</summary>
internal static class ClientCommand
{
    private static readonly Option<string> s_host = new("--server_host")
    {
        Description = "The server to connect to.",
        DefaultValueFactory = _ => "localhost",
    };

    private static readonly Option<string?> s_hostOverride = new("--server_host_override")
    {
        Description = "The name to call and to verify. Default: --server_host.",
    };

    private static readonly Option<int> s_port = new("--server_port") { Description = "Its port.", Required = true };

    private static readonly Option<string> s_testCase = new("--test_case")
    {
        Description = "The case to run; several with commas; all runs those of the public description.",
        HelpName = "case",
        Required = true,
    };

    private static readonly Option<bool> s_useTls = new("--use_tls") { Description = "Whether to encrypt." };

    private static readonly Option<bool> s_useTestCa = new("--use_test_ca")
    {
        Description = "Trust the roots of --ca_file and none of the platform's. Implied by --ca_file.",
    };

    private static readonly Option<FileInfo> s_authorities = new Option<FileInfo>("--ca_file")
    {
        Description = "The roots to trust, in PEM.",
    }.AcceptExistingOnly();

    public static Command Create()
    {
        var command = new Command("client", "Run test cases against a server; print PASS or FAIL for each; exit with 1 where one failed.")
        {
            s_host, s_hostOverride, s_port, s_testCase, s_useTls, s_useTestCa, s_authorities,
        };
        s_testCase.Validators.Add(result =>
        {
            if (result.GetValue(s_testCase)?.Split(',').FirstOrDefault(name => InteropCase.Find(name).Count == 0) is { } unknown)
            {
                IEnumerable<string> known = InteropCase.Public.Concat(InteropCase.Own).Select(each => each.Name);
                result.AddError($"'{unknown}' is no test case. The cases are: {string.Join(", ", known)}.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(s_useTestCa) && result.GetValue(s_authorities) is null)
            {
                result.AddError("--use_test_ca needs --ca_file, since this program carries no roots of its own.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = new Target(
            parsed.GetRequiredValue(s_host),
            parsed.GetRequiredValue(s_port),
            parsed.GetValue(s_useTls),
            parsed.GetValue(s_hostOverride),
            ReadAuthorities(parsed.GetValue(s_authorities)));
        using var client = new TestClient(target);
        bool passed = await client.RunAsync(
            parsed.GetRequiredValue(s_testCase).Split(',').SelectMany(InteropCase.Find), parsed.InvocationConfiguration.Output);
        return passed ? ExitCode.Success : ExitCode.Failure;
    }

    private static X509Certificate2Collection? ReadAuthorities(FileInfo? file)
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
