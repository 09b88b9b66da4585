using System.Diagnostics;
using EdgeAgent.Testing;
using EdgeAgent.Torture;
using EdgeAgent.Torture.Network;

namespace EdgeAgent.Bench.Uplink;

/// <summary>How a backlog went over a link.</summary>
/// <param name="Link">Which.</param>
/// <param name="Readings">In the database afterwards, by its own count.</param>
/// <param name="Seconds">From the service being there until everything was stored.</param>
/// <param name="RecordBytes">Of the records, as they lay in the spool.</param>
/// <param name="WireBytes">All that passed upwards, TLS included; 0 where nobody counted.</param>
/// <param name="LinkShare">Of what the link could have carried upwards in this time; 0 where it has no limit.</param>
/// <param name="AgentSeconds">Processor time of the agent's process.</param>
/// <param name="ServiceSeconds">Of the service's, its start included: where it is as long as <paramref name="Seconds"/>, the service decides.</param>
internal sealed record Drain(
    string Link, long Readings, double Seconds, long RecordBytes, long WireBytes, double LinkShare, double AgentSeconds, double ServiceSeconds)
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(10);

    // A socket's buffer that is no larger than what a modem would hold, so that the line is as slow as it says from the first byte on.
    private const int SlowReceiveBuffer = 32 * 1024;

    /// <param name="site">With a spool "filled".</param>
    /// <param name="link">What lies in between.</param>
    /// <param name="readings">How many readings the spool holds.</param>
    public static async Task<Drain> MeasureAsync(Site site, Link link, long readings)
    {
        string name = link.Name.Replace(' ', '-').Replace('/', '-');
        site.CopySpool("filled", name);
        int servicePort = Loopback.FreePort();
        await using Supervised service = site.Service(name, servicePort);
        await using FaultProxy? proxy = link.Line is null ? null : new FaultProxy(servicePort, new Random(1), link.Line.BytesPerSecond > 0 ? SlowReceiveBuffer : null);
        proxy?.Become(link.Line!);
        proxy?.Refuse();
        await using Supervised agent = site.Agent(name, proxy?.Port ?? servicePort, Loopback.FreePort());
        agent.Start();
        await agent.ReadyAsync();
        using var process = Process.GetProcessById(agent.Id);
        TimeSpan before = process.TotalProcessorTime;
        service.Start();
        await service.ReadyAsync();
        proxy?.Accept();
        long started = Stopwatch.GetTimestamp();
        using var database = new StoredRows(site.DatabaseFile(name));
        await Eventually.TrueAsync(() => database.CountReceived().Readings >= readings, Enough, () => $"all readings are stored; {database.CountReceived().Readings} of {readings} are");
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        double agentSeconds = (process.TotalProcessorTime - before).TotalSeconds;
        using var serving = Process.GetProcessById(service.Id);
        double serviceSeconds = serving.TotalProcessorTime.TotalSeconds;
        (long stored, long bytes) = database.CountReceived();
        long wire = proxy?.Upstream ?? 0;
        double share = link.Line is { BytesPerSecond: > 0 } line ? wire / (seconds * line.BytesPerSecond) : 0;
        return new Drain(link.Name, stored, seconds, bytes, wire, share, agentSeconds, serviceSeconds);
    }
}
