using Google.Protobuf;
using Grpc.Testing;

namespace EdgeAgent.Interop.Cases;

/// <summary>One request, one response.</summary>
internal static class UnaryCases
{
    public const int LargeRequest = 271_828;
    public const int LargeResponse = 314_159;

    public static async Task EmptyAsync(TestClient client)
    {
        Empty response = await client.Service.EmptyCallAsync(new Empty());
        Expect.Equal(0, response.CalculateSize(), "bytes of the response");
    }

    public static async Task LargeAsync(TestClient client) =>
        Expect.Zeros(LargeResponse, (await client.Service.UnaryCallAsync(CreateLarge())).Payload);

    public static SimpleRequest CreateLarge() => new() { ResponseSize = LargeResponse, Payload = CreatePayload(LargeRequest) };

    public static Payload CreatePayload(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };
}
