using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Tests.RemoteConfig;

public sealed class LayeredTests : IDisposable
{
    private readonly Device _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_revision_is_laid_over_the_own_file()
    {
        Assert.True(TryMerge("""{ "device": { "labels": { "site": "bern" } }, /* slow */ "batch": { "maximumAge": "5m" }, }""", out Layered? layered, out _));

        Assert.Equal("bern", layered!.Configuration.Device.Labels["site"]);
        Assert.Equal(TimeSpan.FromMinutes(5), layered.Configuration.Batch.MaximumAge);
        Assert.Equal(_device.StateFolder, layered.Configuration.Device.StateFolder);
        Assert.Equal(9ul, layered.Header.Number);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place()
    {
        string[] pointers = Pointers("""{ "batch": { "maximumAge": "soon", "lables": 1 }, "remote": { "trial": "1h" }, "cloud": { "serverName": "other" } }""");

        Assert.Equal(["/batch/lables", "/batch/maximumAge", "/cloud/serverName", "/remote"], pointers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "identity": {} }""", "/identity")]
    [InlineData("""{ "remote": null }""", "/remote")]
    [InlineData("""{ "device": { "state": "/tmp" } }""", "/device/state")]
    [InlineData("""{ "device": { "hardware": "/" } }""", "/device/hardware")]
    [InlineData("""{ "spool": { "path": null } }""", "/spool/path")]
    [InlineData("""{ "cloud": { "certificate": "device.crt" } }""", "/cloud/certificate")]
    [InlineData("""{ "cloud": { "key": "device.key" } }""", "/cloud/key")]
    [InlineData("""{ "spool": null }""", "/spool")]
    [InlineData("""{ "device": null }""", "/device")]
    public void What_belongs_to_the_own_file_is_refused_by_name_also_where_it_is_taken_away(string document, string place) =>
        Assert.Contains(place, Pointers(document));

    [Fact]
    public void A_revision_cannot_send_the_device_s_key_anywhere()
    {
        string[] pointers = Pointers("""
            { "mqtt": [ { "broker": "mqtt://b:1", "username": "u", "password": { "file": "device.key" }, "subscribe": [ { "topic": "a", "series": "a" } ] } ] }
            """);

        Assert.Equal(["/mqtt/0/password/file"], pointers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{ \"batch\": {}, \"batch\": {} }")]
    [InlineData("{ \"device\": { \"labels\": { \"a\": \"\\ud800\" } } }")]
    public void What_is_no_configuration_is_refused_with_a_reason(string document)
    {
        Assert.False(TryMerge(document, out _, out IReadOnlyList<RevisionError> errors));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Nesting_without_end_is_refused() => Assert.False(TryMerge(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), out _, out _));

    [Fact]
    public void Ten_megabytes_are_refused_and_told_by_their_size()
    {
        Assert.False(TryMerge($"{new string(' ', 10_000_000)}{{}}", out _, out IReadOnlyList<RevisionError> errors));
        Assert.Contains("10000", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_with_another_hash_is_refused()
    {
        Revision revision = Device.Revision(9, "{}") with { Document = "{ }"u8.ToArray() };

        Assert.False(Layered.TryMerge(_device.Own, revision, running: null, out _, out _));
    }

    [Fact]
    public void Where_the_cloud_is_changes_only_where_it_is_meant_and_allowed()
    {
        const string elsewhere = """{ "cloud": { "endpoint": "https://other:1" } }""";
        Assert.Equal(["/cloud/endpoint"], Pointers(elsewhere));
        Assert.True(Layered.TryMerge(_device.Own, Device.Revision(9, elsewhere, bootstrap: true), _device.Alone(), out _, out _));

        _device.WriteOwn(""" "remote": { "bootstrap": false } """);
        Assert.False(Layered.TryMerge(_device.Own, Device.Revision(9, elsewhere, bootstrap: true), _device.Alone(), out _, out _));
    }

    private string[] Pointers(string document)
    {
        Assert.False(TryMerge(document, out _, out IReadOnlyList<RevisionError> errors));
        return [.. errors.Select(error => error.Pointer)];
    }

    private bool TryMerge(string document, out Layered? layered, out IReadOnlyList<RevisionError> errors) =>
        Layered.TryMerge(_device.Own, Device.Revision(9, document), _device.Alone(), out layered, out errors);
}
