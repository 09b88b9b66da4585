using System.Globalization;
using Xunit.Abstractions;

namespace MQTTnet.Polyfill.Tests;

/// <summary>
/// Random moments that can be had again: the seed is printed, and EDGEAGENT_FUZZ_SEED sets it (what the machine does meanwhile cannot be had again).
/// EDGEAGENT_LONG=1 makes the run two minutes long.
/// </summary>
internal sealed class Chance
{
    private readonly Random _random;

    public Chance(ITestOutputHelper output)
    {
        int seed = Environment.GetEnvironmentVariable("EDGEAGENT_FUZZ_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"EDGEAGENT_FUZZ_SEED={seed}");
        _random = new Random(seed);
    }

    public static bool IsLong => Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1";

    /// <summary>How long a test makes trouble.</summary>
    public static TimeSpan Duration => IsLong ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(4);

    public Task MomentAsync(int maximumMilliseconds) => Task.Delay(_random.Next(maximumMilliseconds));
}
