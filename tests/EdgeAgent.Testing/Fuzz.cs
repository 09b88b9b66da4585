using System.Diagnostics;
using System.Globalization;

namespace EdgeAgent.Testing;

/// <summary>
/// Rounds of random input, each from a seed of its own, for a while: the few seconds that a test asks for, or, with EDGEAGENT_LONG=1, the
/// EDGEAGENT_FUZZ_SECONDS of the environment (120 without). A round that fails tells its seed, and EDGEAGENT_FUZZ_SEED makes it the first.
/// </summary>
public static class Fuzz
{
    private static readonly int s_firstSeed = Number("EDGEAGENT_FUZZ_SEED") ?? Environment.TickCount;

    private static readonly TimeSpan? s_longTime = Environment.GetEnvironmentVariable("EDGEAGENT_LONG") == "1"
        ? TimeSpan.FromSeconds(Number("EDGEAGENT_FUZZ_SECONDS") ?? 120) : null;

    /// <returns>How many rounds there were.</returns>
    /// <exception cref="FuzzException">A round failed.</exception>
    public static int Run(TimeSpan time, Action<Mutator> round)
    {
        long started = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; rounds == 0 || Stopwatch.GetElapsedTime(started) < (s_longTime ?? time); rounds++)
        {
            int seed = unchecked(s_firstSeed + rounds);
            try
            {
                round(new Mutator(seed));
            }
            catch (Exception failure)
            {
                throw new FuzzException(seed, failure);
            }
        }
        return rounds;
    }

    /// <returns>How many rounds there were.</returns>
    /// <exception cref="FuzzException">A round failed.</exception>
    public static async Task<int> RunAsync(TimeSpan time, Func<Mutator, Task> round)
    {
        long started = Stopwatch.GetTimestamp();
        int rounds = 0;
        for (; rounds == 0 || Stopwatch.GetElapsedTime(started) < (s_longTime ?? time); rounds++)
        {
            int seed = unchecked(s_firstSeed + rounds);
            try
            {
                await round(new Mutator(seed));
            }
            catch (Exception failure)
            {
                throw new FuzzException(seed, failure);
            }
        }
        return rounds;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : null;
}

/// <summary>A round of <see cref="Fuzz"/> that failed.</summary>
public sealed class FuzzException(int seed, Exception failure) : Exception($"Set EDGEAGENT_FUZZ_SEED={seed} to see it again. {failure.Message}", failure);

/// <summary>Makes bytes wrong in the ways that parsers get wrong. The same seed makes the same choices.</summary>
public sealed class Mutator(int seed)
{
    private static readonly byte[] s_telling = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    public Random Random { get; } = new(seed);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Random.Next(times) == 0;

    /// <summary>A copy with one to four changes. May come out empty.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> sound)
    {
        List<byte> bytes = [.. sound];
        for (int changes = Random.Next(1, 5); changes > 0; changes--)
        {
            Change(bytes);
        }
        return [.. bytes];
    }

    /// <summary>The bytes in pieces of random length, as a network may deliver them.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes)
    {
        int longest = OneIn(4) ? 3 : int.Max(1, bytes.Length);
        while (!bytes.IsEmpty)
        {
            int length = Random.Next(1, int.Min(longest, bytes.Length) + 1);
            yield return bytes[..length];
            bytes = bytes[length..];
        }
    }

    private void Change(List<byte> bytes)
    {
        int at = Random.Next(bytes.Count + 1);
        int length = Random.Next(int.Min(16, bytes.Count - at) + 1);
        switch (Random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Pick(s_telling);
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)Random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                byte[] foreign = new byte[Random.Next(1, 9)];
                Random.NextBytes(foreign);
                bytes.InsertRange(at, foreign);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7 when at + 1 < bytes.Count:
                // The largest length of two bytes.
                bytes[at] = bytes[at + 1] = 0xFF;
                break;
            case 8 when at < bytes.Count:
                bytes[at] = (byte)(bytes[at] + Random.Next(-2, 3));
                break;
        }
    }
}
