using System.Globalization;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>
/// Of which versions a revision is made, in the order in which they lie over each other:
/// <code>
/// inputs  := [ version *( ";" version ) ]        empty: of nothing
/// version := layer "@" number                    fleet@3;group:press@2;device:press-3@1
/// </code>
/// </summary>
internal sealed record RevisionInputs(IReadOnlyList<(Layer Layer, long Version)> Versions)
{
    public override string ToString() => string.Join(';', Versions.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Layer}@{each.Version}")));

    /// <param name="text">What <see cref="ToString"/> has written.</param>
    public static RevisionInputs Parse(string text) => new([.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)]);

    private static (Layer, long) ParseOne(string text)
    {
        int at = text.LastIndexOf('@');
        _ = Layer.TryParse(text[..at], out Layer layer);
        return (layer, long.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }
}
