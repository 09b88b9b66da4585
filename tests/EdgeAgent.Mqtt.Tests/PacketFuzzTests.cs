using EdgeAgent.Mqtt.Packets;
using EdgeAgent.Testing;
using Xunit.Abstractions;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

/// <summary>
/// Nothing that comes from a socket makes a reader throw, or read what it was not given; and what a reader takes, it has understood: written anew,
/// it means the same.
/// </summary>
public sealed class PacketFuzzTests(ITestOutputHelper output)
{
    private const int Maximum = 10_000;
    private static readonly MqttProtocolVersion[] s_versions = [V311, V500];

    [Fact]
    public void Mutated_spliced_and_random_bytes_are_read_to_the_same_meaning_or_refused_by_name()
    {
        var outcomes = new Dictionary<MqttReadError, int>();
        int rounds = Fuzz.Run(TimeSpan.FromSeconds(3), mutator =>
        {
            byte[] bytes = Compose(mutator);
            foreach (MqttProtocolVersion version in s_versions)
            {
                ReadOnlyMemory<byte> rest = bytes;
                while (MqttFrame.Read(rest, Maximum, out MqttFrame frame) == MqttFrameResult.Complete)
                {
                    MqttReadError error = Check(frame, version);
                    outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
                    rest = rest[frame.Length..];
                }
            }
            TopicFilter.IsValid(bytes);
            TopicName.IsValid(bytes);
        });
        output.WriteLine($"{rounds} rounds: {string.Join(", ", outcomes)}");
        foreach (MqttReadError error in Enum.GetValues<MqttReadError>())
        {
            // Too large is the frame's word, not a packet's.
            Assert.True(error == MqttReadError.TooLarge || rounds < 10_000 || outcomes.ContainsKey(error), $"{error} was never met: the samples miss something.");
        }
    }

    [Fact]
    public void Every_flipped_bit_and_every_stump_is_read_to_the_same_meaning_or_refused_by_name()
    {
        foreach (byte[] sound in SamplePackets.All)
        {
            for (int bit = 0; bit < sound.Length * 8; bit++)
            {
                byte[] flipped = [.. sound];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                CheckBoth(flipped);
            }
            for (int length = 2; length < sound.Length; length++)
            {
                // The header made to fit, so that the packet's reader gets to see the stump.
                CheckBoth(WithLength(sound[0], Body(sound)[..int.Min(length - 2, Body(sound).Length)]));
            }
        }
    }

    [Fact]
    public void Every_beginning_of_a_packet_is_incomplete_and_tells_its_length_as_soon_as_that_is_there()
    {
        foreach (byte[] bytes in SamplePackets.All)
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(MqttFrameResult.Incomplete, MqttFrame.Read(bytes.AsMemory(0, length), Maximum, out MqttFrame frame));
                bool isKnown = length > 1 && (bytes[1] < 0x80 || length > 2);
                Assert.Equal(isKnown ? bytes.Length : 0, frame.Length);
            }
        }
    }

    [Fact]
    public void A_length_that_promises_more_than_there_is_costs_nothing()
    {
        byte[][] bombs =
        [
            Convert.FromHexString("30FFFFFF7F0001"), // a packet of 256 MiB
            Convert.FromHexString("3003FFFF61"), // a topic of 64 KiB
            Convert.FromHexString("3007000161FFFFFF7F"), // properties of 256 MiB
            Convert.FromHexString("820700010000FFFF61"), // a filter of 64 KiB
            Convert.FromHexString("20060000FFFFFF7F"),
        ];
        long before = 0;
        // The first round compiles; the second is measured.
        for (int round = 0; round < 2; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] bomb in bombs)
            {
                if (MqttFrame.Read(bomb, MqttFrame.MaximumLength, out MqttFrame frame) == MqttFrameResult.Complete)
                {
                    _ = PublishPacket.TryRead(frame, V500, out _, out _)
                        || SubscribePacket.TryRead(frame, V500, out _, out _)
                        || ConnAckPacket.TryRead(frame, V500, out _, out _);
                }
            }
        }
        // A list or two of a wish that did not come.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static byte[] Compose(Mutator mutator)
    {
        if (mutator.OneIn(20))
        {
            byte[] random = new byte[mutator.Random.Next(1, 100)];
            mutator.Random.NextBytes(random);
            return random;
        }
        byte[] one = mutator.Pick(SamplePackets.All);
        if (mutator.OneIn(3))
        {
            // Packets one behind the other, with something wrong somewhere.
            return mutator.Mutate([.. one, .. mutator.Pick(SamplePackets.All), .. mutator.Pick(SamplePackets.All)]);
        }
        return mutator.OneIn(3) ? mutator.Mutate(one) : WithLength(one[0], mutator.Mutate(Body(one)));
    }

    private static void CheckBoth(byte[] bytes)
    {
        if (MqttFrame.Read(bytes, Maximum, out MqttFrame frame) == MqttFrameResult.Complete)
        {
            Check(frame, V311);
            Check(frame, V500);
        }
    }

    private static MqttReadError Check(in MqttFrame frame, MqttProtocolVersion version)
    {
        MqttReadError error = Meaning.Of(frame, version, out string meaning, out byte[] rewritten);
        if (error == MqttReadError.None)
        {
            Assert.Equal(MqttReadError.None, Meaning.Of(Frame(rewritten), version, out string again, out byte[] same));
            Assert.Equal(meaning, again);
            Assert.Equal(rewritten, same);
        }
        return error;
    }

    private static byte[] Body(byte[] packet) => Frame(packet).Body.ToArray();

    private static byte[] WithLength(byte first, byte[] body)
    {
        byte[] length = new byte[4];
        int lengthOfLength = VariableInteger.Write(length, (uint)body.Length);
        return [first, .. length[..lengthOfLength], .. body];
    }
}
