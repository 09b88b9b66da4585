using System.Security.Cryptography;
using System.Text;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class LayeringTests : IAsyncDisposable
{
    private readonly ConfigDesk _desk = new();

    [Fact]
    public void A_device_gets_the_fleets_layer_then_its_groups_in_their_order_then_its_own()
    {
        _desk.Changes.AddToGroup("presses", ["press-3"], "anna");
        _desk.Changes.AddToGroup("hall-2", ["press-3"], "anna");
        _desk.Push(Layer.Fleet, """{"batch":{"maximumAge":"60s","maximumReadings":1},"a":1}""");
        _desk.Push(Layer.OfGroup("hall-2"), """{"batch":{"maximumAge":"20s"}}""");
        _desk.Push(Layer.OfGroup("presses"), """{"batch":{"maximumAge":"10s","maximumReadings":2}}""");
        _desk.Push(Layer.OfDevice("press-3"), """{"batch":{"maximumReadings":3},"a":null}""", author: "berta");

        Assert.Equal("""{"batch":{"maximumAge":"20s","maximumReadings":3},"a":null}""", _desk.Document("press-3"));
        Revision revision = _desk.Revision("press-3");
        Assert.Equal("fleet@1;group:presses@1;group:hall-2@1;device:press-3@1", revision.Inputs.ToString());
        Assert.Equal("berta", revision.Author);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(_desk.Document("press-3"))), revision.Hash);

        _desk.Changes.OrderGroups(["hall-2", "presses"], "anna");
        Assert.Equal("""{"batch":{"maximumAge":"10s","maximumReadings":3},"a":null}""", _desk.Document("press-3"));
    }

    [Fact]
    public void A_revision_is_made_where_it_differs_and_its_number_ascends_within_the_device()
    {
        _desk.Push(Layer.OfDevice("one"), """{"a":1}""");
        _desk.Push(Layer.Fleet, """{"a":2}""");
        _desk.Meet("two");
        Assert.Equal(1, _desk.Desired("one").Number);
        Assert.Equal("fleet@1;device:one@1", _desk.Desired("one").Inputs);
        Assert.Equal(1, _desk.Desired("two").Number);

        _desk.Push(Layer.Fleet, """{"a":3,"b":1}""");
        Assert.Equal((2, 2), (_desk.Desired("one").Number, _desk.Desired("two").Number));
        Assert.Equal("""{"a":1,"b":1}""", _desk.Document("one"));
    }

    [Fact]
    public void Who_joins_or_leaves_a_group_has_its_layer_or_not()
    {
        _desk.Changes.AddToGroup("presses", [], "anna");
        _desk.Push(Layer.OfGroup("presses"), """{"a":1}""");
        _desk.Changes.AddToGroup("presses", ["press-1"], "berta");
        Assert.Equal("""{"a":1}""", _desk.Document("press-1"));
        Assert.Equal("berta", _desk.Revision("press-1").Author);

        _desk.Changes.RemoveFromGroup("presses", ["press-1"], "anna");
        Assert.Equal("{}", _desk.Document("press-1"));
        Assert.Throws<ConfigRefusedException>(() => _desk.Changes.RemoveFromGroup("presses", ["press-1"], "anna"));
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.OfGroup("nobody"), "{}"));
    }

    [Fact]
    public void Where_the_cloud_is_changes_only_where_somebody_means_it_and_that_mark_stays()
    {
        _desk.Meet("one");
        ConfigRefusedException refused = Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.Fleet, """{"cloud":{"endpoint":"https://new:1","rate":"1kB"}}"""));
        Assert.Contains("/cloud/endpoint", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, _desk.Desired("one").Number);

        _desk.Push(Layer.Fleet, """{"cloud":{"endpoint":"https://new:1"}}""", bootstrap: true);
        Assert.True(_desk.Revision("one").MayChangeBootstrap);
        // A device that was away for that learns of the address from this one.
        _desk.Push(Layer.Fleet, """{"cloud":{"endpoint":"https://new:1","rate":"1kB"}}""");
        Assert.True(_desk.Revision("one").MayChangeBootstrap);
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.Fleet, """{"cloud":{"rate":"1kB"}}"""));
        Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.Fleet, """{"cloud":{"endpoint":"https://new:1","proxy":null}}"""));
    }

    [Fact]
    public void Layers_that_together_are_more_than_a_device_takes_are_refused_and_nothing_is_changed()
    {
        string[] groups = ["g1", "g2", "g3"];
        foreach (string group in groups)
        {
            _desk.Changes.AddToGroup(group, group == "g3" ? ["one"] : ["one", "two"], "anna");
        }
        string Large(string name) => $$"""{"{{name}}":"{{new string('x', 400 * 1024)}}"}""";
        _desk.Push(Layer.OfGroup("g1"), Large("a"));
        _desk.Push(Layer.OfGroup("g2"), Large("b"));

        ConfigRefusedException refused = Assert.Throws<ConfigRefusedException>(() => _desk.Push(Layer.OfGroup("g3"), Large("c")));

        Assert.Contains("one", refused.Message, StringComparison.Ordinal);
        Assert.Equal("group:g1@1;group:g2@1", _desk.Desired("one").Inputs);
        Assert.Empty(_desk.Control.Read(session => LayerRows.Of(session, Layer.OfGroup("g3"))));
    }

    [Fact]
    public void What_a_device_refused_is_not_for_it_again_until_somebody_says_so()
    {
        _desk.Meet("one", "two");
        _desk.Push(Layer.Fleet, """{"a":1}""");
        _desk.Answer("one", ConfigOutcome.Rejected);
        _desk.Answer("two", ConfigOutcome.Applied);
        Assert.True(_desk.Desired("one").IsRefused);
        Assert.False(_desk.Desired("two").IsAwaited);

        // Something else, and back to the same bytes: still refused.
        _desk.Push(Layer.Fleet, """{"a":2}""");
        Assert.True(_desk.Desired("one").IsAwaited);
        _desk.Push(Layer.Fleet, """{"a":1}""");
        Assert.False(_desk.Desired("one").IsAwaited);
        Assert.Equal(3, _desk.Desired("one").Number);

        Assert.Equal(4, _desk.Changes.Retry("one", "anna"));
        Assert.True(_desk.Desired("one").IsAwaited);
        Assert.Throws<ConfigRefusedException>(() => _desk.Changes.Retry("two", "anna"));

        _desk.Answer("one", ConfigOutcome.Reverted);
        Assert.True(_desk.Desired("one").IsRefused);
        _desk.Push(Layer.Fleet, """{"a":1}""", again: true);
        Assert.True(_desk.Desired("one").IsAwaited);
        Assert.Equal((5, 3), (_desk.Desired("one").Number, _desk.Desired("two").Number));
    }

    [Fact]
    public void A_late_word_about_the_first_try_does_not_end_the_second()
    {
        _desk.Meet("one");
        _desk.Push(Layer.Fleet, """{"a":1}""");
        _desk.Answer("one", ConfigOutcome.Rejected);
        _desk.Changes.Retry("one", "anna");
        DesiredRevision desired = _desk.Desired("one");
        _desk.Report("one", 1, desired.Hash, ConfigOutcome.Reverted, 0, at: 7);
        Assert.False(_desk.Desired("one").IsRefused);
        _desk.Report("one", 2, desired.Hash, ConfigOutcome.Reverted, 0, at: 8);
        Assert.True(_desk.Desired("one").IsRefused);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
