using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Alpha = Grpc.Reflection.V1Alpha;

namespace EdgeAgent.Ingestion.Tests;

public sealed class ReflectionTests
{
    [Fact]
    public async Task Reflection_lists_the_services_and_gives_files_from_which_the_types_can_be_rebuilt()
    {
        await using RunningService service = await RunningService.StartAsync();
        var client = new ServerReflection.ServerReflectionClient(service.Channel("tool"));
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call = client.ServerReflectionInfo();

        ServerReflectionResponse list = await AskAsync(call, new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(
            ["edge.v1.Ingest", "edge.v1.Identity", "edge.v1.Remote", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "edge.v1.Config"],
            list.ListServicesResponse.Service.Select(each => each.Name));

        foreach (string symbol in (string[])["edge.v1.Ingest", "edge.v1.Ingest.Upload", "edge.v1.Gap", "edge.v1.LossCause"])
        {
            ServerReflectionResponse answer = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = symbol });
            // The file comes first; what it imports must come before it where descriptors are built.
            FileDescriptor file = FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto.Reverse())[^1];
            Assert.Equal("edge/v1/ingest.proto", file.Name);
            Assert.Equal("Upload", Assert.Single(file.Services).Methods.Single().Name);
        }
        ServerReflectionResponse byName = await AskAsync(call, new ServerReflectionRequest { FileByFilename = "edge/v1/reading.proto" });
        Assert.Single(byName.FileDescriptorResponse.FileDescriptorProto);
        ServerReflectionResponse unknown = await AskAsync(call, new ServerReflectionRequest { FileContainingSymbol = "edge.v1.Nothing" });
        Assert.Equal((int)StatusCode.NotFound, unknown.ErrorResponse.ErrorCode);
        ServerReflectionResponse extensions = await AskAsync(
            call, new ServerReflectionRequest { AllExtensionNumbersOfType = "edge.v1.Gap" });
        Assert.Empty(extensions.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Fact]
    public async Task Older_tools_are_answered_under_the_older_name()
    {
        await using RunningService service = await RunningService.StartAsync();
        var client = new Alpha.ServerReflection.ServerReflectionClient(service.Channel("tool"));
        using AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> call = client.ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(7, call.ResponseStream.Current.ListServicesResponse.Service.Count);
    }

    [Fact]
    public async Task Health_knows_the_server_and_its_service_and_nothing_else()
    {
        await using RunningService service = await RunningService.StartAsync();
        var client = new Health.HealthClient(service.Channel("tool"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.Serving,
            (await client.CheckAsync(new HealthCheckRequest { Service = "edge.v1.Ingest" })).Status);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CheckAsync(new HealthCheckRequest { Service = "edge.v1.Other" }));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = client.Watch(new HealthCheckRequest { Service = "edge.v1.Other" });
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    private static async Task<ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call, ServerReflectionRequest request)
    {
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current;
    }
}
