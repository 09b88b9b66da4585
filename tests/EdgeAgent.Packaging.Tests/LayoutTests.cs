using System.Text;

namespace EdgeAgent.Packaging.Tests;

/// <summary>What a layout may say, and what it is told when it is wrong: nothing is missing on a device because nobody noticed here.</summary>
public sealed class LayoutTests : IDisposable
{
    private static readonly Dictionary<string, string> Made = new() { ["NOTE"] = "made" };

    private readonly Shop _shop = new();

    [Fact]
    public void Files_links_and_folders_are_taken_as_they_stand()
    {
        List<PackedFile> files = Read(
            """
            # A comment.
            file 0755 usr/bin/program   published/edge-agent
            conf 0640 etc/note          made/NOTE
            link 0777 usr/bin/other     program

            dir  0755 etc/keys
            """);
        Assert.Equal([PackedKind.File, PackedKind.Configuration, PackedKind.Link, PackedKind.Folder], files.Select(static file => file.Kind));
        Assert.Equal(["usr/bin/program", "etc/note", "usr/bin/other", "etc/keys"], files.Select(static file => file.Path));
        Assert.Equal("made", Encoding.UTF8.GetString(files[1].Contents));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, files[1].Mode);
        Assert.Equal("program", Encoding.UTF8.GetString(files[2].Contents));
    }

    [Fact]
    public void A_pattern_takes_all_files_under_their_own_names_in_order() => Assert.Equal(
        ["licences/Apache-2.0.txt", "licences/BSD-3-Clause.txt", "licences/MIT.txt", "licences/PostgreSQL.txt"],
        Read("file 0644 licences/ deploy/packaging/licences/*.txt").Select(static file => file.Path));

    [Theory]
    [InlineData("file 0644 etc/x deploy/no-such-file", "There is no deploy/no-such-file, which is to be packed as etc/x.")]
    [InlineData("file 0644 etc/ deploy/no-such*", "There is no deploy/no-such*, which is to be packed as etc/.")]
    [InlineData("file 0644 etc/x made/OTHER", "made/OTHER is not made here.")]
    [InlineData("file 0888 etc/x made/NOTE", "\"0888\" in \"file 0888 etc/x made/NOTE\" is no mode.")]
    [InlineData("fiel 0644 etc/x made/NOTE", "\"fiel 0644 etc/x made/NOTE\" is no line of a layout.")]
    [InlineData("file 0644 etc/x", "\"file 0644 etc/x\" is no line of a layout.")]
    public void What_cannot_be_packed_is_told(string line, string problem) => Assert.Equal(problem, Assert.Throws<InvalidDataException>(() => Read(line)).Message);

    public void Dispose() => _shop.Dispose();

    private List<PackedFile> Read(string text) => Layout.Read(text, _shop.Request(), Made);
}
