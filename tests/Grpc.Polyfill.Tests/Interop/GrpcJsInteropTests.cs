using EdgeAgent.Testing;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The cases with a client of @grpc/grpc-js against this server.</summary>
public sealed class GrpcJsClientInteropTests(GrpcJsClientInteropTests.Run run) : IClassFixture<GrpcJsClientInteropTests.Run>
{
    public static TheoryData<string> Cases => InteropCases.AllBut();

    [InstalledTheory(Programs.Node, Programs.GrpcJs, Programs.ProtoLoader)]
    [MemberData(nameof(Cases))]
    public Task A_grpc_js_client_passes_the_case_against_this_server(string name) => run.AssertPassedAsync(name);

    public sealed class Run() : ForeignClientRun(InteropPeer.GrpcJs);
}

/// <summary>The cases with this client against a server of @grpc/grpc-js.</summary>
public sealed class GrpcJsServerInteropTests(GrpcJsServerInteropTests.Run run) : IClassFixture<GrpcJsServerInteropTests.Run>
{
    public static TheoryData<string> Cases => InteropCases.AllBut("server_compressed_unary", "server_compressed_streaming");

    [InstalledTheory(Programs.Node, Programs.GrpcJs, Programs.ProtoLoader)]
    [MemberData(nameof(Cases))]
    public Task This_client_passes_the_case_against_a_grpc_js_server(string name) => run.AssertPassedAsync(name);

    [InstalledTheory(Programs.Node, Programs.GrpcJs, Programs.ProtoLoader)]
    [InlineData("FAIL server_compressed_unary: whether the response came compressed: False instead of True")]
    [InlineData("FAIL server_compressed_streaming: whether the response of 31415 bytes came compressed: False instead of True")]
    public Task This_client_sees_that_a_grpc_js_server_cannot_compress(string line) => run.AssertPrintedAsync(line);

    public sealed class Run() : ForeignServerRun(InteropPeer.GrpcJs);
}
