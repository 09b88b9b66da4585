namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The foreign programs that tests need, as <see cref="EdgeAgent.Testing.InstalledFactAttribute"/> names them.</summary>
internal static class Programs
{
    public const string Python = "/usr/bin/python3";
    public const string Grpcio = "/usr/lib/python3/dist-packages/grpc/__init__.py";
    public const string PythonProtobuf = "/usr/lib/python3/dist-packages/google/protobuf/descriptor_pool.py";
    public const string Node = "node";
    public const string GrpcJs = "node:@grpc/grpc-js";
    public const string ProtoLoader = "node:@grpc/proto-loader";
}
