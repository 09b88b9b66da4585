using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Modes;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Sensors.Mqtt;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class CounterMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly LoggerFactory _logging;

    public CounterMemoryTests() => _logging = new LoggerFactory([_log]);

    public void Dispose()
    {
        _logging.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_counter_goes_on_where_it_was_and_what_was_taken_out_of_the_configuration_is_remembered()
    {
        CounterMemory first = Open();
        Count(Create(first, "water"), 5);
        Count(Create(first, "gas"), 7);
        first.Save(isEnd: true);
        CounterMemory second = Open();
        Count(Create(second, "water"), 1);
        second.Save(isEnd: true);
        CounterMemory third = Open();

        Assert.Equal(6, Create(third, "water").Count);
        Assert.Equal(7, Create(third, "gas").Count);
        Assert.Equal(0, Create(third, "rain").Count);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_run_that_did_not_end_in_order_is_told()
    {
        CounterMemory first = Open();
        PulseCounter water = Create(first, "water");
        Count(water, 5);
        first.Save(isEnd: false);
        Count(water, 2);

        Assert.Equal(5, Create(Open(), "water").Count);
        Assert.Contains("did not end in order", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flash_is_written_once_in_ten_minutes_and_only_where_something_was_counted()
    {
        var time = new ManualTimeProvider();
        CounterMemory memory = Open();
        PulseCounter water = Create(memory, "water");
        using var keeper = new CounterKeeper(memory, time);
        await keeper.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => File.Exists(Path), TimeSpan.FromSeconds(30), "the file is written at the start");
        File.Delete(Path);

        time.Advance(TimeSpan.FromMinutes(30));
        await keeper.StopAsync(CancellationToken.None);
        Assert.True(File.Exists(Path));

        File.Delete(Path);
        memory.Save(isEnd: false);
        Assert.False(File.Exists(Path));
        Count(water, 1);
        memory.Save(isEnd: false);
        Assert.True(File.Exists(Path));
    }

    [Fact]
    public void The_file_is_what_its_grammar_says()
    {
        CounterMemory memory = Open();
        Count(Create(memory, "water"), 258);
        memory.Save(isEnd: true);

        string expected = "45415043" + "01" + "01" + "0100" + "00000000" + Name("water") + "0201000000000000";
        Assert.StartsWith(expected, Convert.ToHexStringLower(File.ReadAllBytes(Path)), StringComparison.Ordinal);
        Assert.Equal((expected.Length / 2) + 4, new FileInfo(Path).Length);
    }

    [Fact]
    public void A_damaged_file_begins_at_zero()
    {
        CounterMemory memory = Open();
        Count(Create(memory, "water"), 5);
        memory.Save(isEnd: true);
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[30] ^= 1;
        File.WriteAllBytes(Path, bytes);

        Assert.Equal(0, Create(Open(), "water").Count);
    }

    [Fact]
    public void More_counters_than_have_room_are_the_oldest_that_are_forgotten()
    {
        var file = new CounterFile(Path);
        Assert.True(file.TryWrite([.. Enumerable.Range(0, 200).Select(i => ((UInt128)i, (long)i))], isClean: true));

        Assert.True(file.TryRead(out IReadOnlyList<(UInt128 Name, long Pulses)> counters, out bool isClean));
        Assert.True(isClean);
        Assert.Equal(168, counters.Count);
        Assert.InRange(new FileInfo(Path).Length, 4_000, 4_096);
    }

    private string Path => _folder["spool.counters"];

    private static string Name(string series)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(series));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    private static PulseCounter Create(CounterMemory memory, string series) => memory.Create(series, new PulseOptions(), LineFlags.EdgeRising);

    private static void Count(PulseCounter counter, int pulses)
    {
        for (int i = 0; i < pulses; i++)
        {
            counter.Take(default, 0, 0, default);
        }
    }

    private CounterMemory Open() => new(CounterFile.Beside(_folder["spool"]), _logging.CreateLogger<CounterMemory>());
}
