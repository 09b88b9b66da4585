namespace EdgeAgent.Ingestion.Configs;

/// <summary>One state of a layer. It never changes.</summary>
/// <param name="Layer">Of what.</param>
/// <param name="Version">Ascending from 1 within the layer.</param>
/// <param name="Hash">SHA-256 of the document's bytes.</param>
/// <param name="Author">Who pushed it.</param>
/// <param name="Made">When, in nanoseconds since 1970.</param>
/// <param name="Message">Why.</param>
/// <param name="MayChangeBootstrap">Somebody meant to change where the cloud is, with this version or with one before.</param>
/// <param name="Trial">How long it may take to prove itself on a device; zero: the device's default.</param>
internal sealed record LayerVersion(
    Layer Layer, long Version, byte[] Hash, string Author, long Made, string Message, bool MayChangeBootstrap, TimeSpan Trial);
