using EdgeAgent.Testing;

namespace MQTTnet.Polyfill.Tests;

/// <summary>
/// Kills a broker at random moments, starts it again, and remembers what it can have forgotten. mosquitto acknowledges first and writes its
/// database at the end of the same turn of its loop, so what happened after the last writing is lost with it, and nobody at the other end can
/// help that. It does nothing else while it writes, so what a client had seen before the file's time is in the file.
/// </summary>
internal sealed class BrokerKills
{
    private readonly List<(DateTime Saved, DateTime Restarted)> _gaps = [];

    public int Count => _gaps.Count;

    /// <summary>Lines of its configuration: it writes its database, all of it, after that many changes.</summary>
    public static string Settings(TemporaryFolder folder, int changes) =>
        $"{MosquittoSettings.Anonymous}\n{MosquittoSettings.Persistent(folder, $"autosave_on_changes true\nautosave_interval {changes}")}";

    public async Task KillAsync(Mosquitto broker)
    {
        await broker.KillAsync();
        DateTime saved = File.GetLastWriteTimeUtc(broker.Folder["mosquitto.db"]);
        await broker.StartAsync();
        _gaps.Add((saved, DateTime.UtcNow));
    }

    /// <summary>Whether something that went on from one moment to another touches a time of which the broker knows nothing.</summary>
    public bool Concern(DateTime from, DateTime to) => _gaps.Exists(gap => from <= gap.Restarted && to >= gap.Saved);
}
