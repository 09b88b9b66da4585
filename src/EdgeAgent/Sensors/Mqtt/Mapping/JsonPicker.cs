using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>What stands at one pointer of one document: of a scalar the bytes, without quotes.</summary>
internal readonly record struct JsonPick(JsonPickKind Kind, int Start, int Length);

internal enum JsonPickKind
{
    /// <summary>The document has nothing at the pointer.</summary>
    Missing,

    Null,

    /// <summary>A number, true, false, or a string without escapes: its bytes are its text.</summary>
    Scalar,

    /// <summary>A string with escapes, still escaped.</summary>
    Escaped,

    /// <summary>An object or an array: no value.</summary>
    Composite,
}

/// <summary>
/// Picks the values at any number of pointers in one pass over a document, without allocating. The pointers are laid out
/// as a tree, so that a key is compared only with the keys that are wanted at its place, and all else is skipped.
/// </summary>
internal sealed class JsonPicker
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 32 };
    private readonly Place _root = new("");

    /// <param name="pointers">The pick of pointer i goes to index i.</param>
    public JsonPicker(IReadOnlyList<JsonPointer> pointers)
    {
        for (int i = 0; i < pointers.Count; i++)
        {
            Place place = _root;
            foreach (string token in pointers[i].Tokens)
            {
                place = place.Enter(token);
            }
            place.Picks.Add(i);
        }
    }

    /// <summary>Fills in as many picks as there are pointers.</summary>
    /// <returns>False where the document is not JSON; the picks mean nothing then.</returns>
    public bool TryPick(ReadOnlySpan<byte> document, Span<JsonPick> picks)
    {
        picks.Clear();
        var reader = new Utf8JsonReader(document, Options);
        try
        {
            reader.Read();
            Walk(ref reader, _root, picks);
            // To the end, so that trailing rubbish shows (a document cut off and glued to another).
            reader.Read();
            return true;
        }
        catch (JsonException)
        {
            // The reader has no form that does not throw. A publisher of rubbish pays with its own back-pressure.
            return false;
        }
    }

    private static void Walk(ref Utf8JsonReader reader, Place place, Span<JsonPick> picks)
    {
        foreach (int pick in place.Picks)
        {
            picks[pick] = PickHere(ref reader);
        }
        if (!place.HasInside)
        {
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Place? inside = place.Find(ref reader);
                reader.Read();
                Enter(ref reader, inside, picks);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                Enter(ref reader, place.Find(index), picks);
            }
        }
    }

    private static void Enter(ref Utf8JsonReader reader, Place? place, Span<JsonPick> picks)
    {
        if (place is null)
        {
            reader.Skip();
        }
        else
        {
            Walk(ref reader, place, picks);
        }
    }

    private static JsonPick PickHere(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        return reader.TokenType switch
        {
            JsonTokenType.Null => new JsonPick(JsonPickKind.Null, start, 4),
            JsonTokenType.StartObject or JsonTokenType.StartArray => new JsonPick(JsonPickKind.Composite, start, 0),
            JsonTokenType.String => new JsonPick(reader.ValueIsEscaped ? JsonPickKind.Escaped : JsonPickKind.Scalar, start + 1, reader.ValueSpan.Length),
            _ => new JsonPick(JsonPickKind.Scalar, start, reader.ValueSpan.Length),
        };
    }

    /// <summary>A place in documents, under the name of its last token.</summary>
    private sealed class Place(string token)
    {
        private readonly List<Place> _inside = [];
        private readonly byte[] _name = Encoding.UTF8.GetBytes(token);

        /// <summary>The token as an array index; no leading zeros (RFC 6901 section 4).</summary>
        private readonly int _index =
            int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && $"{index}" == token ? index : -1;

        public List<int> Picks { get; } = [];

        public bool HasInside => _inside.Count > 0;

        public Place Enter(string inner)
        {
            byte[] name = Encoding.UTF8.GetBytes(inner);
            foreach (Place known in _inside)
            {
                if (name.AsSpan().SequenceEqual(known._name))
                {
                    return known;
                }
            }
            var place = new Place(inner);
            _inside.Add(place);
            return place;
        }

        /// <summary>By the property name that the reader stands on. A message has few values: a scan beats a table.</summary>
        public Place? Find(ref Utf8JsonReader reader)
        {
            foreach (Place place in _inside)
            {
                if (reader.ValueTextEquals(place._name))
                {
                    return place;
                }
            }
            return null;
        }

        public Place? Find(int index)
        {
            foreach (Place place in _inside)
            {
                if (place._index == index)
                {
                    return place;
                }
            }
            return null;
        }
    }
}
