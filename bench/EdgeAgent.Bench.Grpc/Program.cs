using System.Globalization;
using EdgeAgent.Bench.Grpc;
using EdgeAgent.Testing;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Grpc [-- [--seconds N] [--rounds N] [--json]]
// Client streaming over TLS on loopback, client and server in processes of their own. --seconds is the length of one contender's round.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["server", string certificate, string key]:
        await SinkServer.RunAsync(certificate, key);
        return 0;
    case ["client", string port, string root]:
        await SinkClient.RunAsync(int.Parse(port), root);
        return 0;
}
if (!Settings.TryRead(args, out Settings settings))
{
    Console.Error.WriteLine("usage: [--seconds N] [--rounds N] [--json]");
    return 2;
}

using var folder = new TemporaryFolder();
IReadOnlyList<Contender> contenders = await Contender.StartAllAsync(Certificates.Create(folder.Path));
try
{
    List<Comparison> comparisons = [];
    foreach (int size in (int[])[100, 4 * 1024, 64 * 1024])
    {
        var comparison = new Comparison(contenders, size);
        await comparison.RunAsync(settings.Rounds, settings.Time);
        comparisons.Add(comparison);
    }
    Report.Write(contenders, comparisons, settings);
}
finally
{
    foreach (Pair pair in contenders.Select(contender => contender.Pair).OfType<Pair>().Distinct())
    {
        await pair.DisposeAsync();
    }
}
return 0;
