namespace EdgeAgent.Ingestion.Configs;

/// <summary>What a device should run, or should have run. It never changes.</summary>
/// <param name="Number">Ascending from 1 within the device.</param>
/// <param name="Hash">SHA-256 of the document's bytes.</param>
/// <param name="Author">Who made the newest of the changes in it.</param>
/// <param name="Made">When, in nanoseconds since 1970.</param>
/// <param name="Inputs">Of which versions it is made.</param>
/// <param name="MayChangeBootstrap">Somebody meant to change where the cloud is.</param>
/// <param name="Trial">How long it may take to prove itself; zero: the device's default.</param>
internal sealed record Revision(long Number, byte[] Hash, string Author, long Made, RevisionInputs Inputs, bool MayChangeBootstrap, TimeSpan Trial);
