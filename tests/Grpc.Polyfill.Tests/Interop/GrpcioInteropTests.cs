using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The cases with a client of grpcio against this server.</summary>
public sealed class GrpcioClientInteropTests(GrpcioClientInteropTests.Run run) : IClassFixture<GrpcioClientInteropTests.Run>
{
    private const string ByCall = "client_compressed_streaming";

    public static TheoryData<string> Cases => InteropCases.AllBut(ByCall);

    [InstalledTheory(Programs.Python, Programs.Grpcio, Programs.PythonProtobuf)]
    [MemberData(nameof(Cases))]
    public Task A_grpcio_client_passes_the_case_against_this_server(string name) => run.AssertPassedAsync(name);

    [InstalledFact(Programs.Python, Programs.Grpcio, Programs.PythonProtobuf)]
    public Task A_grpcio_client_passes_what_it_can_send_of_a_stream_that_is_compressed_message_by_message() => run.AssertPrintedAsync(
        $"PARTIAL {ByCall}: grpcio's client chooses compression by call, so each message went in a call of its own");

    public sealed class Run() : ForeignClientRun(InteropPeer.Grpcio);
}

/// <summary>The cases with this client against a server of grpcio.</summary>
public sealed class GrpcioServerInteropTests(GrpcioServerInteropTests.Run run) : IClassFixture<GrpcioServerInteropTests.Run>
{
    public static TheoryData<string> Cases => InteropCases.AllBut();

    [InstalledTheory(Programs.Python, Programs.Grpcio, Programs.PythonProtobuf)]
    [MemberData(nameof(Cases))]
    public Task This_client_passes_the_case_against_a_grpcio_server(string name) => run.AssertPassedAsync(name);

    public sealed class Run() : ForeignServerRun(InteropPeer.Grpcio);
}
