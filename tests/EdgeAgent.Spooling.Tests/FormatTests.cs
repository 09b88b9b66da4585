using EdgeAgent.Spooling.Format;

namespace EdgeAgent.Spooling.Tests;

public sealed class FormatTests
{
    private static readonly Guid SpoolId = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Guid BootId = new("01020304-0506-0708-090a-0b0c0d0e0f10");

    [Fact]
    public void The_checksum_is_the_standard_crc_32c()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0u, Crc32C.Compute([]));
        // RFC 3720, B.4: 32 bytes of zeros.
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
    }

    [Fact]
    public void A_segment_header_has_these_bytes()
    {
        var header = new SegmentHeader(new SegmentIdentity(SpoolId, SpoolLane.Live, 0x1234), BootId, 1 << 20, 77, 88);
        byte[] bytes = new byte[SegmentHeader.MostBytes];
        header.Write(bytes);

        Assert.Equal(
            "454153505345470A" + "0100" + "02" + "00" + "00001000"
            + "00112233445566778899AABBCCDDEEFF" + "0102030405060708090A0B0C0D0E0F10"
            + "3412000000000000" + "4D00000000000000" + "5800000000000000" + "00000000" + "96BD428B",
            Convert.ToHexString(bytes.AsSpan(0, SegmentHeader.Bytes)));
        Assert.True(SegmentHeader.TryRead(bytes, out SegmentHeader read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void A_thinned_segments_header_has_these_bytes_and_its_name_says_as_much()
    {
        var identity = new SegmentIdentity(SpoolId, SpoolLane.Live, 0x1234, new ThinnedIdentity(2, 0x5678, 0x9ABCDEF0));
        var header = new SegmentHeader(identity, BootId, 1 << 20, 77, 88, new ThinningSummary(0x1240, 78, 99, 4000));
        byte[] bytes = new byte[SegmentHeader.MostBytes];
        header.Write(bytes);

        Assert.Equal(
            "454153505345470A" + "0200" + "02" + "02" + "00001000"
            + "00112233445566778899AABBCCDDEEFF" + "0102030405060708090A0B0C0D0E0F10"
            + "3412000000000000" + "4D00000000000000" + "5800000000000000"
            + "7856000000000000" + "4012000000000000" + "4E00000000000000" + "6300000000000000" + "A00F000000000000" + "F0DEBC9A"
            + "D9994C31",
            Convert.ToHexString(bytes));
        Assert.True(SegmentHeader.TryRead(bytes, out SegmentHeader read));
        Assert.Equal(header, read);
        Assert.Equal("live-0000000000001234-0000000000005678-2-9abcdef0.segment", identity.FileName);
        Assert.True(SegmentIdentity.TryParse(identity.FileName, out SegmentIdentity parsed));
        Assert.Equal(identity with { SpoolId = Guid.Empty }, parsed);
        Assert.Equal(0xC39EA68Fu, identity.ChecksumSeed());
    }

    [Fact]
    public void A_record_has_these_bytes()
    {
        uint seed = new SegmentIdentity(SpoolId, SpoolLane.Live, 0x1234).ChecksumSeed();
        byte[] bytes = new byte[RecordHeader.Bytes + 5];
        "hello"u8.CopyTo(bytes.AsSpan(RecordHeader.Bytes));
        RecordHeader.Write(bytes, seed, 0x1235, 79, 3, "hello"u8);

        Assert.Equal(
            "05000000" + "B35A4FAA" + "3512000000000000" + "4F00000000000000" + "03000000" + "68656C6C6F", Convert.ToHexString(bytes));
        Assert.True(RecordHeader.TryRead(bytes, 0x1235, 0x1235, bytes.Length, out RecordHeader header));
        Assert.True(header.Matches(bytes, seed));
    }

    [Fact]
    public void A_mark_has_these_bytes()
    {
        var mark = new Mark(9, SpoolId, BootId, true, new LaneMark(1, new Position(2, 3, 4)), new LaneMark(5, new Position(6, 7, 8), 65_542), new LaneMark(9, new Position(10, 11, 12)));
        byte[] bytes = new byte[Mark.Bytes];
        mark.Write(bytes);

        Assert.Equal(
            "454153504D524B0A" + "0200" + "0100" + "03000000" + "0900000000000000"
            + "00112233445566778899AABBCCDDEEFF" + "0102030405060708090A0B0C0D0E0F10"
            + "01000000" + "00000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0000000000000000"
            + "02000000" + "00000000" + "0500000000000000" + "0600000000000000" + "0700000000000000" + "0800000000000000" + "0600010000000000"
            + "03000000" + "00000000" + "0900000000000000" + "0A00000000000000" + "0B00000000000000" + "0C00000000000000" + "0000000000000000"
            + "84C0A506",
            Convert.ToHexString(bytes));
        Assert.True(Mark.TryRead(bytes, out Mark read));
        Assert.Equal(mark, read);
    }

    [Fact]
    public void A_mark_of_version_1_is_read_for_ever()
    {
        byte[] bytes = Convert.FromHexString(
            "454153504D524B0A" + "0100" + "0100" + "00000000" + "0900000000000000"
            + "00112233445566778899AABBCCDDEEFF" + "0102030405060708090A0B0C0D0E0F10"
            + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000"
            + "0500000000000000" + "0600000000000000" + "0700000000000000" + "0800000000000000"
            + "00000000" + "CF89AB0C");

        Assert.True(Mark.TryRead(bytes, out Mark read));
        Assert.Equal(
            new Mark(9, SpoolId, BootId, true, new LaneMark(1, new Position(2, 3, 4)), new LaneMark(5, new Position(6, 7, 8))), read);
    }

    [Fact]
    public void No_bit_of_a_mark_can_change_unnoticed()
    {
        var mark = new Mark(9, SpoolId, BootId, false, new LaneMark(1, new Position(2, 3, 4)), new LaneMark(5, new Position(6, 7, 8), 65_542));
        byte[] slot = new byte[4096];
        mark.Write(slot);
        for (int bit = 0; bit < Mark.Bytes * 8; bit++)
        {
            slot[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Mark.TryRead(slot, out _), $"Bit {bit} has changed.");
            slot[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_ledger_entry_has_these_bytes()
    {
        var entry = new LedgerEntry(SpoolLane.Alarm, new SpoolGap(10, 12, 30, LossCause.Refused));
        byte[] bytes = new byte[LedgerEntry.Bytes];
        entry.Write(bytes, SpoolId);

        Assert.Equal(
            "94EC31F3" + "01" + "05" + "0000" + "0A00000000000000" + "0C00000000000000" + "1E00000000000000", Convert.ToHexString(bytes));
        Assert.True(LedgerEntry.TryRead(bytes, SpoolId, out LedgerEntry read));
        Assert.Equal(entry, read);
        Assert.False(LedgerEntry.TryRead(bytes, BootId, out _));
    }

    [Fact]
    public void A_file_name_says_which_segment_it_is()
    {
        var identity = new SegmentIdentity(SpoolId, SpoolLane.Alarm, 0xABC);
        Assert.Equal("alarm-0000000000000abc.segment", identity.FileName);
        Assert.True(SegmentIdentity.TryParse(identity.FileName, out SegmentIdentity parsed));
        Assert.Equal(identity with { SpoolId = Guid.Empty }, parsed);
    }

    [Theory]
    [InlineData("alarm-0000000000000000.segment")]
    [InlineData("alarm-abc.segment")]
    [InlineData("spare-00000001.segment")]
    [InlineData("live-0000000000000001.segmen")]
    [InlineData("live-000000000000000g.segment")]
    [InlineData("live-0000000000001234-0000000000001233-1-00000000.segment")]
    [InlineData("live-0000000000001234-0000000000005678-0-00000000.segment")]
    [InlineData("live-0000000000001234_0000000000005678-1-00000000.segment")]
    [InlineData("")]
    public void Other_file_names_are_no_segments(string name) => Assert.False(SegmentIdentity.TryParse(name, out _));
}
