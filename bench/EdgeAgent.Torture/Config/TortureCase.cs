namespace EdgeAgent.Torture.Config;

/// <summary>One thing that is done to a device or to the service, after which the device has to be reachable and on a good configuration.</summary>
/// <param name="Name">What is done, in a few words.</param>
/// <param name="RunAsync">Does it, and looks what came of it. An exception counts as unreachable.</param>
internal sealed record TortureCase(string Name, Func<CancellationToken, Task<CaseResult>> RunAsync);

/// <summary>What came of a case.</summary>
/// <param name="IsReachable">The service hears of the device again: readings taken after the case are stored.</param>
/// <param name="IsRecovered">It runs a good configuration with a good certificate, or was kept out as it should be; <paramref name="Detail"/> says which.</param>
/// <param name="Lost">Readings that were acknowledged to a publisher and are neither stored nor still on the device.</param>
/// <param name="Duplicated">Readings that were stored twice.</param>
/// <param name="Detail">For people.</param>
internal sealed record CaseResult(bool IsReachable, bool IsRecovered, long Lost, long Duplicated, string Detail);
