using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The cases between this client and this server, each a process of its own behind its command line.</summary>
public sealed class OwnInteropTests(OwnInteropTests.Run run) : IClassFixture<OwnInteropTests.Run>
{
    public static TheoryData<string> Cases => InteropCases.AllBut();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task This_client_passes_the_case_against_this_server(string name) => run.AssertPassedAsync(name);

    [Theory]
    [InlineData("--server_port", "client", "--test_case=all")]
    [InlineData("'no_such_case' is no test case", "client", "--server_port=1", "--test_case=no_such_case")]
    [InlineData("--ca_file", "client", "--server_port=1", "--test_case=all", "--use_test_ca=true")]
    [InlineData("'many'", "client", "--server_port=many", "--test_case=all")]
    [InlineData("--tls_cert_file", "server", "--use_tls=true")]
    [InlineData("--no_such_flag", "server", "--no_such_flag")]
    public async Task A_wrong_command_line_gets_one_line_that_names_the_flag_and_exit_code_64(string named, params string[] arguments)
    {
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            InteropPeer.Own.Program, [.. InteropPeer.Own.Arguments, .. arguments], TimeSpan.FromSeconds(30));

        Assert.Equal(64, exitCode);
        Assert.Contains(named, Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_case_is_told_with_its_reason_and_exit_code_1()
    {
        int nobody = Loopback.FreePort();
        (int exitCode, string output) = await ForeignProcess.RunAsync(
            InteropPeer.Own.Program,
            [.. InteropPeer.Own.Arguments, "client", $"--server_port={nobody}", "--test_case=empty_unary"],
            TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("FAIL empty_unary: RpcException: ", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    public sealed class Run : InteropRun
    {
        private protected override async Task<string> RunAsync(InteropFolder folder)
        {
            await using ForeignProcess server = InteropPeer.Own.StartServer(folder);
            return await InteropPeer.Own.RunClientAsync(await PrintedPort.ReadAsync(server), folder);
        }
    }
}
