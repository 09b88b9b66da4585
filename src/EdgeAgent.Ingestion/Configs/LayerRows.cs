using System.Data.Common;
using EdgeAgent.Ingestion.Storage.Control;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>The layers' versions and the documents of the database.</summary>
internal static class LayerRows
{
    private const string Select = "SELECT layer, version, hash, author, made, message, bootstrap, trial FROM config_versions ";

    public static LayerVersion? Newest(ControlSession session, Layer layer) =>
        session.Query(Select + "WHERE layer = @layer ORDER BY version DESC LIMIT 1", Read, ("layer", layer.ToString())).SingleOrDefault();

    /// <exception cref="ConfigRefusedException">There is no such version.</exception>
    public static LayerVersion Get(ControlSession session, Layer layer, long version) =>
        session.Query(Select + "WHERE layer = @layer AND version = @version", Read, ("layer", layer.ToString()), ("version", version)).SingleOrDefault()
            ?? throw ConfigRefusedException.Missing($"version {version} of {layer}");

    /// <summary>The newest first.</summary>
    public static List<LayerVersion> Of(ControlSession session, Layer layer) =>
        session.Query(Select + "WHERE layer = @layer ORDER BY version DESC", Read, ("layer", layer.ToString()));

    /// <summary>The newest version of each layer.</summary>
    public static List<LayerVersion> All(ControlSession session) => session.Query(
        Select + "WHERE version = (SELECT MAX(version) FROM config_versions v WHERE v.layer = config_versions.layer) ORDER BY layer", Read);

    public static void Add(ControlSession session, LayerVersion version, byte[] document)
    {
        AddDocument(session, version.Hash, document);
        session.Execute(
            "INSERT INTO config_versions VALUES (@layer, @version, @hash, @author, @made, @message, @bootstrap, @trial)",
            ("layer", version.Layer.ToString()), ("version", version.Version), ("hash", version.Hash), ("author", version.Author), ("made", version.Made),
            ("message", version.Message), ("bootstrap", version.MayChangeBootstrap ? 1L : 0L), ("trial", (long)version.Trial.TotalSeconds));
    }

    public static void AddDocument(ControlSession session, byte[] hash, byte[] document) => session.Execute(
        "INSERT INTO config_documents VALUES (@hash, @document) ON CONFLICT (hash) DO NOTHING", ("hash", hash), ("document", document));

    /// <param name="session">Where it is read.</param>
    /// <param name="hash">Of one that a version or a revision names.</param>
    public static byte[] Document(ControlSession session, byte[] hash) => session.Query(
        "SELECT document FROM config_documents WHERE hash = @hash", static row => (byte[])row.GetValue(0), ("hash", hash)).Single();

    private static LayerVersion Read(DbDataReader row)
    {
        _ = Layer.TryParse(row.GetString(0), out Layer layer);
        return new LayerVersion(
            layer, row.GetInt64(1), (byte[])row.GetValue(2), row.GetString(3), row.GetInt64(4), row.GetString(5), row.GetInt64(6) != 0,
            TimeSpan.FromSeconds(row.GetInt64(7)));
    }
}
