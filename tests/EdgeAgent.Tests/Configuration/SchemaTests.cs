using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAgent.Configuration;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Configuration;

/// <summary>Schema and reader are two places; these tests hold them together.</summary>
public sealed class SchemaTests : IDisposable
{
    /// <summary>A document in which every kind of section occurs.</summary>
    private const string Everything = """
        {
          "device": {}, "budget": {}, "identity": { "token": { "value": "t" } }, "cloud": { "endpoint": "https://h:1" }, "batch": {}, "report": [{ "calibration": [{ "raw": 0 }], "alarm": {} }], "spool": {},
          "mqtt": [
            { "broker": "mqtt://b:1", "password": { "value": "x" }, "subscribe": [
              { "topic": "a", "payload": "json", "values": [{ "pointer": "/v" }], "time": { "pointer": "/t" } } ] },
            { "listen": "mqtt://127.0.0.1:1", "users": [{ "name": "n", "password": { "value": "p" } }], "rules": [
              { "topic": "a", "payload": "json", "values": [{ "pointer": "/v" }], "time": { "pointer": "/t" } } ] }
          ],
          "i2c": [{ "bus": 1, "sensors": [
            { "chip": "bme280", "series": "s" }, { "chip": "bh1750", "series": "s" }, { "chip": "mpu6050", "series": "s" }, { "chip": "scd4x", "series": "s" },
            { "chip": "ads1115", "series": "s" }, { "chip": "pcf8591", "series": "s" },
            { "chip": "ina219", "series": "s", "shunt": 1 },
            { "chip": "registers", "series": "s", "address": 9, "identify": { "register": 1, "value": 1 }, "ready": { "register": 1, "value": 1 },
              "checksum": {}, "values": [{ "name": "n", "register": 1 }] } ] }],
          "gpio": [{ "line": "l", "series": "s" }],
          "iio": [{ "device": "ads1015", "series": "s", "buffer": { "rate": 100 } }], "hwmon": [{ "chip": "lm75", "series": "s" }],
          "onewire": [{ "sensor": "28-0316a2795ee4", "series": "s" }], "thermal": [{ "series": "s" }], "host": { "series": "s" }
        }
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(ConfigSchema.Read())!.AsObject();
    private readonly HashSet<JsonNode> _compared = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_key_of_the_reader_is_in_the_schema_and_every_key_of_the_schema_is_read()
    {
        foreach ((ConfigSection section, JsonObject schema) in SectionsWithTheirSchemas())
        {
            IEnumerable<string> described = schema["properties"]!.AsObject().Select(property => property.Key).Where(key => key != "$schema");
            Assert.Equal(described.Order(), section.Asked.Select(asked => asked.Name).Order());
        }
    }

    [Fact]
    public void Every_section_of_the_schema_was_compared_with_the_reader()
    {
        Assert.NotEmpty(SectionsWithTheirSchemas().ToList());
        IEnumerable<string> missed = Schema["$defs"]!.AsObject()
            .Where(definition => definition.Value!["properties"] is not null && !_compared.Contains(definition.Value!)).Select(definition => definition.Key);

        Assert.Empty(missed);
    }

    [Fact]
    public void The_defaults_of_the_schema_are_the_defaults_of_the_options()
    {
        foreach ((ConfigSection section, JsonObject schema) in SectionsWithTheirSchemas())
        {
            foreach (AskedKey key in section.Asked)
            {
                JsonNode? described = schema["properties"]![key.Name]!["default"];
                Assert.True(Agree(key.Default, described), $"{section.Node.Pointer}/{key.Name}: {key.Default} is {described?.ToJsonString()} in the schema");
            }
        }
    }

    [Fact]
    public void The_bounds_of_the_schema_are_the_bounds_of_the_reader()
    {
        var wrong = new List<string>();
        foreach ((ConfigSection section, JsonObject schema) in SectionsWithTheirSchemas())
        {
            foreach (AskedKey key in section.Asked.Where(asked => asked.Least is not null))
            {
                JsonNode described = schema["properties"]![key.Name]!;
                if (!Bounds(key, described))
                {
                    wrong.Add($"{section.Node.Pointer}/{key.Name}: {key.Least} to {key.Most} is {described.ToJsonString()} in the schema");
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void What_the_reader_requires_the_schema_requires()
    {
        foreach ((ConfigSection section, JsonObject schema) in SectionsWithTheirSchemas())
        {
            string[] required = [.. (schema["required"]?.AsArray() ?? []).Select(key => key!.GetValue<string>())];
            IEnumerable<string> missing = section.Asked.Where(asked => asked.Required && !required.Contains(asked.Name)).Select(asked => asked.Name)
                // Required of an entry that picks values or speaks TLS only: a schema could say so, at the cost of its readers.
                .Except(["values"]);
            Assert.Empty(missing);
        }
    }

    [Fact]
    public void Every_key_of_the_schema_has_a_description()
    {
        foreach ((string section, JsonNode? definition) in Schema["$defs"]!.AsObject().Append(KeyValuePair.Create("root", (JsonNode?)Schema)))
        {
            foreach ((string key, JsonNode? property) in definition!["properties"]?.AsObject() ?? [])
            {
                Assert.True(Resolve(property!)["description"] is not null || property!["description"] is not null, $"{section}/{key}");
            }
        }
    }

    private IEnumerable<(ConfigSection Section, JsonObject Schema)> SectionsWithTheirSchemas()
    {
        var reading = new ConfigReading("agent.json", _folder.Path);
        AgentConfigurationReader.Read(Encoding.UTF8.GetBytes(Everything), reading);
        Assert.True(reading.Sections.Count >= 19, $"only {reading.Sections.Count} sections were read");
        return reading.Sections.Select(section => (section, Find(section)));
    }

    /// <summary>Walks the schema along the section's pointer.</summary>
    private JsonObject Find(ConfigSection section)
    {
        JsonObject schema = Schema;
        JsonNode document = JsonNode.Parse(Everything)!;
        foreach (string token in section.Node.Pointer.Split('/').Skip(1))
        {
            document = document is JsonArray array ? array[int.Parse(token)]! : document[token] ?? new JsonObject();
            schema = Resolve(schema["items"] ?? schema["properties"]![token]!);
            if (schema["oneOf"] is JsonArray alternatives && document is JsonObject given)
            {
                schema = alternatives.Select(alternative => Resolve(alternative!))
                    .Single(alternative => alternative["required"]!.AsArray().All(key => given.ContainsKey(key!.GetValue<string>())));
            }
            _compared.Add(schema);
            if (schema["allOf"] is JsonArray conditions)
            {
                schema = conditions.Where(condition => Holds(condition!["if"]!, document)).Aggregate(schema, (joined, condition) => Join(joined, Resolve(condition!["then"]!)));
            }
        }
        return schema;
    }

    /// <summary>Whether a key has the value that a condition of the schema names.</summary>
    private static bool Holds(JsonNode condition, JsonNode document) =>
        condition["properties"]!.AsObject().All(property => JsonNode.DeepEquals(property.Value!["const"], document[property.Key]));

    /// <summary>What a section has by itself and what a condition adds.</summary>
    private JsonObject Join(JsonObject schema, JsonObject addition)
    {
        _compared.Add(addition);
        return new JsonObject
        {
            ["properties"] = new JsonObject(Members(schema).Concat(Members(addition))),
            ["required"] = new JsonArray([.. new[] { schema, addition }.SelectMany(part => part["required"]?.AsArray() ?? []).Select(key => key!.DeepClone())]),
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonObject schema) =>
        schema["properties"]!.AsObject().Select(property => KeyValuePair.Create(property.Key, (JsonNode?)property.Value!.DeepClone()));

    private static JsonObject Resolve(JsonNode schema) =>
        schema["$ref"] is { } reference ? Schema["$defs"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject() : schema.AsObject();

    /// <summary>Numbers have words for bounds in a schema; durations and sizes say theirs in the description.</summary>
    private static bool Bounds(AskedKey key, JsonNode inSchema) => (key.Least, key.Most) switch
    {
        (TimeSpan least, TimeSpan most) => Says(inSchema, $"{Duration.Format(least)} to {Duration.Format(most)}."),
        (SizeDefault least, SizeDefault most) => Says(inSchema, $"{ByteSize.Format(least.Bytes)} to {ByteSize.Format(most.Bytes)}"),
        // What is one of some numbers has no need of bounds.
        var (least, most) => inSchema["enum"] is not null || (Is(inSchema["minimum"], least) && Is(inSchema["maximum"], most)),
    };

    private static bool Says(JsonNode inSchema, string words) => inSchema["description"]!.GetValue<string>().Contains(words, StringComparison.Ordinal);

    private static bool Is(JsonNode? inSchema, object? bound) => inSchema?.GetValue<double>() == Convert.ToDouble(bound, CultureInfo.InvariantCulture);

    private static bool Agree(object? inCode, JsonNode? inSchema) => inCode switch
    {
        null => inSchema is null,
        _ when inSchema is null => false,
        TimeSpan duration => Duration.TryParse(inSchema.GetValue<string>(), out TimeSpan described) && described == duration,
        SizeDefault size => ByteSize.TryParse(inSchema.GetValue<string>(), out long described) && described == size.Bytes,
        string text => inSchema.GetValueKind() == JsonValueKind.String && inSchema.GetValue<string>() == text,
        bool flag => inSchema.GetValue<bool>() == flag,
        int number => inSchema.GetValue<int>() == number,
        _ => false,
    };
}
