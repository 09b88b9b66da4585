using EdgeAgent.Mqtt.Packets;
using static EdgeAgent.Mqtt.Tests.Bytes;

namespace EdgeAgent.Mqtt.Tests;

public sealed class PacketRulesTests
{
    [Theory]
    [InlineData("00 00", "type 0")]
    [InlineData("11 00", "flags on CONNECT")]
    [InlineData("36 00", "QoS 3")]
    [InlineData("38 00", "a repetition at QoS 0")]
    [InlineData("60 02", "PUBREL without its flag")]
    [InlineData("80 02", "SUBSCRIBE without its flag")]
    [InlineData("30 80 80 80 80 01", "a length of five bytes")]
    [InlineData("30 80 00", "a length that could be shorter")]
    public void A_first_byte_or_length_that_no_packet_has_is_malformed(string hex, string what)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(MqttFrameResult.Malformed == MqttFrame.Read(bytes, MqttFrame.MaximumLength, out _), what);
    }

    [Fact]
    public void A_packet_above_the_limit_is_known_from_its_header_alone()
    {
        byte[] header = Convert.FromHexString("30FFFFFF7F");
        Assert.Equal(MqttFrameResult.TooLarge, MqttFrame.Read(header, 1000, out _));
        Assert.Equal(MqttFrameResult.Incomplete, MqttFrame.Read(header, MqttFrame.MaximumLength, out MqttFrame frame));
        Assert.Equal(MqttFrame.MaximumLength, frame.Length);
        Assert.Equal(MqttFrameResult.Complete, MqttFrame.Read(Convert.FromHexString("C000"), 2, out _));
        Assert.Equal(MqttFrameResult.TooLarge, MqttFrame.Read(Convert.FromHexString("E00100"), 2, out _));
    }

    [Theory]
    [InlineData(V311, "30 05 0003 612F23", MqttReadError.TopicNameInvalid)] // a wildcard
    [InlineData(V311, "30 02 0000", MqttReadError.TopicNameInvalid)] // no topic
    [InlineData(V500, "30 03 0000 00", MqttReadError.ProtocolError)] // no topic and no alias
    [InlineData(V311, "30 03 0002 61", MqttReadError.Malformed)] // shorter than it says
    [InlineData(V311, "30 04 0002 C328", MqttReadError.Malformed)] // not UTF-8
    [InlineData(V311, "30 05 0003 EDA080", MqttReadError.Malformed)] // a surrogate
    [InlineData(V311, "30 03 0001 00", MqttReadError.Malformed)] // U+0000
    [InlineData(V311, "32 05 0001 61 0000", MqttReadError.ProtocolError)] // packet id zero
    [InlineData(V311, "32 04 0001 61 00", MqttReadError.Malformed)] // half a packet id
    [InlineData(V500, "30 07 0001 61 03 230000", MqttReadError.TopicAliasInvalid)]
    [InlineData(V500, "30 06 0001 61 02 0102", MqttReadError.ProtocolError)] // a flag of 2
    [InlineData(V500, "30 06 0001 61 02 7F00", MqttReadError.Malformed)] // no such property
    [InlineData(V500, "30 08 0001 61 04 08 0001 23", MqttReadError.ProtocolError)] // a response topic with a wildcard
    [InlineData(V500, "40 03 0001 99", MqttReadError.None)]
    [InlineData(V500, "40 03 0001 92", MqttReadError.ProtocolError)] // a reason of another packet
    [InlineData(V311, "40 03 0001 00", MqttReadError.Malformed)] // 5.0's form in 3.1.1
    [InlineData(V311, "40 02 0000", MqttReadError.ProtocolError)]
    [InlineData(V311, "82 02 0001", MqttReadError.ProtocolError)] // no filter
    [InlineData(V311, "82 06 0001 0001 61 03", MqttReadError.Malformed)] // QoS 3
    [InlineData(V311, "82 06 0001 0001 61 04", MqttReadError.Malformed)] // reserved bits
    [InlineData(V500, "82 07 0001 00 0001 61 30", MqttReadError.ProtocolError)] // retain handling 3
    [InlineData(V500, "82 10 0001 00 000A 2473686172652F672F61 04", MqttReadError.ProtocolError)] // no-local on a share
    [InlineData(V311, "82 08 0001 0003 612B62 00", MqttReadError.ProtocolError)] // a+b
    [InlineData(V311, "E0 01 00", MqttReadError.Malformed)]
    [InlineData(V311, "F0 00", MqttReadError.Malformed)] // AUTH in 3.1.1
    [InlineData(V500, "E0 01 01", MqttReadError.ProtocolError)]
    [InlineData(V500, "20 02 0100", MqttReadError.None)]
    [InlineData(V500, "20 03 0200 00", MqttReadError.Malformed)] // reserved acknowledge flags
    [InlineData(V500, "20 03 0187 00", MqttReadError.ProtocolError)] // a session with a refusal
    [InlineData(V311, "20 02 0006", MqttReadError.Malformed)]
    [InlineData(V311, "C0 01 00", MqttReadError.Malformed)]
    public void A_broken_rule_has_a_name(MqttProtocolVersion version, string hex, MqttReadError error) =>
        Assert.Equal(error, Read(Frame(hex), version));

    [Theory]
    [InlineData("10 0D 0004 4D515454 04 01 0000 0001 61", MqttReadError.Malformed)] // reserved flag
    [InlineData("10 0D 0004 4D515454 04 08 0000 0001 61", MqttReadError.Malformed)] // a will's QoS without a will
    [InlineData("10 10 0004 4D515454 04 40 0000 0001 61 0001 62", MqttReadError.Malformed)] // a password without a user in 3.1.1
    [InlineData("10 11 0004 4D515454 05 40 0000 00 0001 61 0001 62", MqttReadError.None)] // and in 5.0
    [InlineData("10 0D 0004 4D515454 03 00 0000 0001 61", MqttReadError.UnsupportedProtocolVersion)]
    [InlineData("10 0F 0006 4D5149736470 03 00 0000 0001 61", MqttReadError.UnsupportedProtocolVersion)]
    [InlineData("10 12 0004 4D515454 04 04 0000 0001 61 0001 2B 0000", MqttReadError.TopicNameInvalid)] // a will's topic with a wildcard
    [InlineData("10 0E 0004 4D515454 04 00 0000 0001 61 00", MqttReadError.Malformed)] // more than there should be
    public void A_connect_that_breaks_a_rule_has_a_name(string hex, MqttReadError error) => Assert.Equal(error, Read(Frame(hex), V311));
}
