using System.IO.Compression;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Protocol.V1;
using Google.Protobuf;

namespace EdgeAgent.Protocol.Tests;

/// <summary>The file that carries a device's buffer. These bytes lie on sticks: a test that fails here says that old ones cannot be read any more.</summary>
public sealed class PortableTests
{
    private static readonly PortableEntry[] Entries =
    [
        new() { Spool = new PortableSpool { SpoolId = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(static i => (byte)i)]), AgentVersion = "1.0" } },
        new() { Lane = new PortableLane { Lane = Lane.Live, Released = 4, Committed = 7, ReadingsThrough = 70, BytesThrough = 700 } },
        new() { Segment = new PortableSegment { First = 4, FileBytes = 262144, ReadingsBefore = 30, BytesBefore = 300 } },
        new() { Record = new PortableRecord { Sequence = 5, Readings = 10, Stored = ByteString.CopyFromUtf8("stored") } },
        new() { Gap = new Gap { From = 6, To = 7, Readings = 20, Cause = LossCause.Evicted } },
    ];

    [Fact]
    public void A_portable_file_has_these_bytes()
    {
        const string Golden =
            "4541535045585031" // magic
            + "19000000" + "0A170A100102030405060708090A0B0C0D0E0F101203312E30" + "{0}"
            + "0D000000" + "120B080210041807204628BC05" + "{1}"
            + "0D000000" + "1A0B080410808010181E20AC02" + "{2}"
            + "0E000000" + "220C0805100A1A0673746F726564" + "{3}"
            + "0A000000" + "2A08080610071814" + "2001" + "{4}"
            + "06000000" + "320408011001" + "{5}";
        byte[] file = Write();

        string bytes = Convert.ToHexString(file);
        string[] checks = [.. ChecksOf(file)];
        string expected = Golden;
        for (int i = 0; i < checks.Length; i++)
        {
            expected = expected.Replace($"{{{i}}}", checks[i], StringComparison.Ordinal);
        }
        Assert.Equal(expected, bytes);
        // The check of the first entry: the first eight bytes of the SHA-256 of all 37 bytes before it.
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.AsSpan(0, 37)).AsSpan(0, 8)), checks[0]);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.AsSpan(0, file.Length - 8)).AsSpan(0, 8)), checks[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_compressed_or_not(bool isCompressed)
    {
        using var reader = new PortableReader(new MemoryStream(isCompressed ? Compress(Write()) : Write()));
        foreach (PortableEntry expected in Entries)
        {
            Assert.Equal(PortableReadResult.Entry, reader.Read(out PortableEntry? entry));
            Assert.Equal(expected, entry);
        }
        Assert.Equal(PortableReadResult.Entry, reader.Read(out PortableEntry? end));
        Assert.Equal(new PortableEnd { Records = 1, Gaps = 1 }, end!.End);
        Assert.Equal(PortableReadResult.End, reader.Read(out _));
        Assert.Equal("", reader.Damage);
    }

    [Fact]
    public void No_flipped_bit_is_taken_for_data()
    {
        byte[] sound = Write();
        for (int bit = 0; bit < sound.Length * 8; bit++)
        {
            byte[] damaged = [.. sound];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            (List<PortableEntry> entries, PortableReadResult end, _) = ReadAll(damaged);
            Assert.Equal(PortableReadResult.Damaged, end);
            Assert.Equal(Entries.Take(entries.Count), entries);
        }
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_known_as_such()
    {
        byte[] sound = Write();
        for (int length = 0; length < sound.Length; length++)
        {
            (List<PortableEntry> entries, PortableReadResult end, string damage) = ReadAll(sound[..length]);
            Assert.Equal(PortableReadResult.Damaged, end);
            Assert.StartsWith("At byte ", damage, StringComparison.Ordinal);
            Assert.True(entries.Count <= Entries.Length);
        }
        byte[] compressed = Compress(sound);
        Assert.Equal(PortableReadResult.Damaged, ReadAll(compressed[..(compressed.Length / 2)]).End);
    }

    [Fact]
    public void Entries_that_changed_places_or_came_twice_are_known_as_such()
    {
        byte[] sound = Write();
        Assert.Equal(PortableReadResult.Damaged, ReadAll([.. sound, .. sound]).End);
        // The second and the third entry are of the same length: 4 + 13 + 8 bytes each.
        byte[] swapped = [.. sound[..45], .. sound[70..95], .. sound[45..70], .. sound[95..]];
        Assert.Equal(sound.Length, swapped.Length);
        Assert.Single(ReadAll(swapped).Entries);
    }

    private static byte[] Write()
    {
        var file = new MemoryStream();
        using var writer = new PortableWriter(file);
        Array.ForEach(Entries, writer.Write);
        writer.Finish();
        return file.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }
        return compressed.ToArray();
    }

    private static IEnumerable<string> ChecksOf(byte[] file)
    {
        for (int at = 8; at < file.Length;)
        {
            at += 4 + BitConverter.ToInt32(file, at);
            yield return Convert.ToHexString(file, at, 8);
            at += 8;
        }
    }

    private static (List<PortableEntry> Entries, PortableReadResult End, string Damage) ReadAll(byte[] bytes)
    {
        var entries = new List<PortableEntry>();
        using var reader = new PortableReader(new MemoryStream(bytes));
        PortableReadResult result;
        while ((result = reader.Read(out PortableEntry? entry)) == PortableReadResult.Entry)
        {
            if (entry!.KindCase != PortableEntry.KindOneofCase.End)
            {
                entries.Add(entry);
            }
        }
        return (entries, result, reader.Damage);
    }
}
