namespace EdgeAgent.Packaging.Tests;

/// <summary>Whose work is shipped is told, and nothing is shipped without a licence.</summary>
public sealed class ThirdPartyNoticesTests : IDisposable
{
    private readonly Shop _shop = new();

    [Fact]
    public void A_package_whose_library_is_shipped_is_named_with_its_owner_and_its_licence()
    {
        string notices = ThirdPartyNotices.Of(_shop.Request());
        Assert.Contains("some.library 1.0.0\n  Copyright of some.library\n  Licence: MIT\n\nPermission is hereby granted", notices, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_that_only_served_the_build_is_not_named() =>
        Assert.DoesNotContain("some.buildtool", ThirdPartyNotices.Of(_shop.Request()), StringComparison.Ordinal);

    [Fact]
    public void A_licence_that_is_not_known_here_stops_the_build()
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => ThirdPartyNotices.Of(_shop.Request(license: "GPL-9.0")));
        Assert.Equal("some.library is under GPL-9.0, whose text is not in deploy/packaging/licences.", refused.Message);
    }

    public void Dispose() => _shop.Dispose();
}
