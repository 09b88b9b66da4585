namespace EdgeAgent.Spooling.Tests;

/// <summary>
/// The process that <see cref="SystemCallTests"/> traces: <c>dotnet EdgeAgent.Spooling.Tests.dll folder</c>. It says on standard output
/// what it has been told, so that this stands in the trace as well.
/// </summary>
internal static class SystemCallDriver
{
    public static async Task Main(string[] arguments)
    {
        SpoolOptions options = Rig.Options();
        options.Path = arguments[0];
        options.Thinner = new SummingThinner();
        options.MaximumInFlightBytes = 0;
        await using Spool spool = Spool.Open(options, TimeProvider.System, Rig.Boot);
        SpoolQueue live = spool[SpoolLane.Live];
        Say("opened");
        Rig.Append(live, 10, 1000);
        await live.CommitAsync();
        Say("committed");
        Rig.Append(live, 1000, 1000);
        await live.CommitAsync();
        live.Release(600);
        Say("released");
        while (spool.Statistics.ThinnedSegments == 0)
        {
            Rig.Append(live, 10, 1000);
        }
        Say("thinned");
        live.AppendLoss(5, LossCause.Overflow);
        await live.CommitAsync();
        Say("lost");
        live.MarkSent(live.Committed);
        while (spool.Statistics.EvictedSegments == 0)
        {
            Rig.Append(live, 10, 1000);
            await live.CommitAsync();
            live.MarkSent(live.Committed);
        }
        Say("evicted");
    }

    private static void Say(string what) => Console.Out.Write(what);
}
