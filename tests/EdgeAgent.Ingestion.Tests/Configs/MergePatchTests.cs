using System.Text.Json.Nodes;
using EdgeAgent.Ingestion.Configs;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class MergePatchTests
{
    // RFC 7396, appendix A: original, patch, result.
    public static readonly TheoryData<string, string, string> Rfc = new()
    {
        { """{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""" },
        { """{"a":"b"}""", """{"a":null}""", "{}" },
        { """{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""" },
        { """{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""" },
        { """{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""" },
        { """{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""" },
        { """["a","b"]""", """["c","d"]""", """["c","d"]""" },
        { """{"a":"b"}""", """["c"]""", """["c"]""" },
        { """{"a":"foo"}""", "null", "null" },
        { """{"a":"foo"}""", "\"bar\"", "\"bar\"" },
        { """{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""" },
        { "[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""" },
        { "{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""" },
    };

    [Theory]
    [MemberData(nameof(Rfc))]
    public void What_two_layers_make_of_an_empty_file_is_what_the_rfc_says(string original, string patch, string result)
    {
        JsonNode? composed = MergePatch.Compose(JsonNode.Parse(original), JsonNode.Parse(patch));
        // On an empty file a null has nothing to remove.
        Assert.True(JsonNode.DeepEquals(Apply(new JsonObject(), JsonNode.Parse(result)), Apply(new JsonObject(), composed)), composed?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"x":1,"y":2}}""", """{"b":{"x":null}}""", """{"b":{"y":3,"z":[1]},"a":null}""")]
    [InlineData("""{"a":{"b":{"c":1}}}""", """{"a":{"b":null}}""", """{"a":{"d":1}}""")]
    [InlineData("""{"a":[1,2],"k":"v"}""", """{"a":{"x":1}}""", """{"a":null,"k":{"n":null}}""")]
    [InlineData("{}", """{"a":null,"b":{"c":null}}""", """{"b":{"d":null}}""")]
    public void Two_layers_do_to_a_devices_file_what_one_after_the_other_would(string file, string first, string second)
    {
        JsonNode? apart = Apply(Apply(JsonNode.Parse(file), JsonNode.Parse(first)), JsonNode.Parse(second));
        JsonNode? together = Apply(JsonNode.Parse(file), MergePatch.Compose(JsonNode.Parse(first), JsonNode.Parse(second)));
        Assert.True(JsonNode.DeepEquals(apart, together), together?.ToJsonString());
    }

    [Fact]
    public void An_object_in_place_of_a_removed_one_is_merged_with_the_files_as_the_remarks_say() =>
        Assert.Equal("""{"a":{"x":1}}""", MergePatch.Compose(JsonNode.Parse("""{"a":null}"""), JsonNode.Parse("""{"a":{"x":1}}"""))!.ToJsonString());

    // The device's half, as section 2 of the RFC defines it.
    private static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }
        JsonObject result = target is JsonObject given ? given.DeepClone().AsObject() : [];
        foreach ((string name, JsonNode? value) in changes)
        {
            JsonNode? before = result[name];
            result.Remove(name);
            if (value is not null)
            {
                result[name] = Apply(before, value);
            }
        }
        return result;
    }
}
