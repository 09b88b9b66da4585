using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Xunit.Abstractions;

namespace Grpc.Polyfill.Tests.Http2;

/// <summary>
/// Conversations in which random bytes are not what they were. Nothing is asked of them but that every call ends, with a status, and that
/// others go on. For longer: EDGEAGENT_LONG=1.
/// </summary>
public sealed class MutatedPeerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1"
        ? TimeSpan.FromMinutes(3)
        : TimeSpan.FromSeconds(2);

    private static readonly byte[] Hello = RawCall.Frame(0, new Message { Text = "hello" }.ToByteArray());

    [Fact]
    public async Task Whatever_a_client_sends_the_server_goes_on()
    {
        await using EchoServer server = await EchoServer.StartAsync();
        var bystander = new Bystander(server);
        (Random random, int rounds) = (Seeded(), 0);

        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Budget; rounds++)
        {
            byte[] messages = [.. Hello, .. Hello, .. Hello];
            bool isMutatedBelow = random.Next(2) == 0;
            byte[] conversation =
            [
                .. Http2Wire.Preface.Span,
                .. Http2Frame.Settings([HandMadeClient.NoHeaderTable]).ToBytes(),
                .. HandMadeClient.Call(1, RawCall.Say, ("x-bin", "AAEC"), ("grpc-timeout", "10S")).ToBytes(),
                .. Http2Frame.Data(1, Hello, endsStream: true).ToBytes(),
                .. HandMadeClient.Call(3, "/grpc_polyfill.tests.Echo/Chat", ("grpc-encoding", "gzip")).ToBytes(),
                .. Http2Frame.WindowUpdate(0, 1000).ToBytes(),
                .. Http2Frame.Data(3, isMutatedBelow ? messages : Mutate(messages, random), endsStream: true).ToBytes(),
                .. Http2Frame.Ping().ToBytes(),
            ];
            await using Http2Wire wire = await HandMadeClient.ConnectSilentlyAsync(server);
            try
            {
                await wire.SendAsync(isMutatedBelow ? Mutate(conversation, random) : conversation);
                using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
                while (await wire.ReadAsync(moment.Token) is not null)
                {
                    // What it answers is its own matter.
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // Closed, or waiting for what never comes: this client leaves.
            }
        }

        output.WriteLine($"{rounds} rounds");
        await bystander.ExpectUnharmedAsync();
    }

    [Fact]
    public async Task Whatever_a_server_answers_the_call_ends_with_a_response_or_a_status()
    {
        (Random random, int rounds, int answered) = (Seeded(), 0, 0);
        await using var server = new HandMadeServer(async (wire, _) =>
        {
            int call = await HandMadeServer.NextCallAsync(wire);
            byte[] messages = [.. Hello, .. Hello, .. Hello];
            bool isMutatedBelow = random.Next(2) == 0;
            byte[] answer =
            [
                .. HandMadeServer.ResponseHeaders(call, ("x-bin", "AAEC"), ("grpc-encoding", "gzip")).ToBytes(),
                .. Http2Frame.Data(call, isMutatedBelow ? messages : Mutate(messages, random)).ToBytes(),
                .. Http2Frame.Headers(call, Hpack.Encode(("grpc-status", "0"), ("grpc-message", "a%20b")), endsStream: true).ToBytes(),
            ];
            await wire.SendAsync(isMutatedBelow ? Mutate(answer, random) : answer);
            // Closed at once, TCP could take back what was sent.
            await Task.WhenAny(wire.ReadToCloseAsync(), Task.Delay(TimeSpan.FromMilliseconds(10)));
        });

        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Budget; rounds++)
        {
            using AsyncServerStreamingCall<Message> call = server.Client.Repeat(
                new RepeatRequest(), deadline: DateTime.UtcNow.AddSeconds(20));
            try
            {
                await call.ResponseStream.ReadAllAsync().CountAsync();
                Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
                answered++;
            }
            catch (RpcException failure)
            {
                Assert.Equal(failure.StatusCode, call.GetStatus().StatusCode);
                Assert.NotEqual(StatusCode.DeadlineExceeded, failure.StatusCode);
            }
        }

        output.WriteLine($"{rounds} rounds, {answered} answered in spite of it");
    }

    private Random Seeded()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    /// <summary>One to four changes: a byte, a bit, a piece that is missing, a piece that comes twice.</summary>
    private static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> mutated = [.. bytes];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            int at = random.Next(mutated.Count);
            int length = random.Next(1, Math.Min(20, mutated.Count - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when mutated.Count > 2 * length:
                    mutated.RemoveRange(at, length);
                    break;
                default:
                    mutated.InsertRange(at, mutated.GetRange(at, length));
                    break;
            }
        }
        return [.. mutated];
    }
}
