using EdgeAgent.Updates;

namespace EdgeAgent.Tests.Updates;

public sealed class ReleaseVersionTests
{
    [Fact]
    public void Versions_are_ordered_as_semantic_versioning_says()
    {
        string[] ordered = ["0.9.0", "0.10.0-alpha", "0.10.0-alpha.1", "0.10.0-alpha.beta", "0.10.0-beta.2", "0.10.0-beta.11", "0.10.0-rc.1", "0.10.0", "0.10.1", "1.0.0"];
        foreach ((string older, string newer) in ordered.Zip(ordered.Skip(1)))
        {
            Assert.True(ReleaseVersion.Parse(older).IsOlderThan(ReleaseVersion.Parse(newer)), $"{older} < {newer}");
            Assert.False(ReleaseVersion.Parse(newer).IsOlderThan(ReleaseVersion.Parse(older)), $"{newer} < {older}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.-3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-a/../b")]
    [InlineData("../1.2.3")]
    [InlineData("1.2.3-..")]
    [InlineData("1.2.99999999999")]
    public void What_could_be_anything_else_than_the_name_of_a_folder_is_no_version(string text) => Assert.False(ReleaseVersion.TryParse(text, out _));
}
