using EdgeAgent.Clock;
using EdgeAgent.Commands;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Thinning;
using Google.Protobuf;

namespace EdgeAgent.Tests.Commands;

/// <summary>Provisional readings in a spool that somebody looks into, or carries away.</summary>
[Collection(CommandLine.Collection)]
public sealed class SpooledClocksTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private static readonly Guid Boot = new("01020304-0506-0708-090a-0b0c0d0e0f10");
    private static readonly BootRelation Known = new(Boot, FilledSpool.Start, 5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Readings_are_shown_and_exported_as_provisional_until_it_is_known_when_they_were()
    {
        await CreateAsync(_folder["spool"]);
        Assert.Equal(["1970-01-01T00:00:07.000000000Z,a,1,Cel,good,provisional,live,1"], Exported("spool"));

        Assert.True(ClockFile.Beside(_folder["spool"]).TryWrite(new ClockMemory(0, [Known])));

        Assert.Equal(["2026-01-01T00:00:07.000000000Z,a,1,Cel,good,synchronized,live,1"], Exported("spool"));
        Assert.Equal((FilledSpool.Start + (7 * Second), false), new SpoolTail(_folder["spool"]).Newest(1).Select(reading => (reading.UnixNanoseconds, reading.IsProvisional)).Single());
    }

    [Fact]
    public async Task What_is_known_of_the_clocks_goes_with_the_spool_to_another_machine()
    {
        await CreateAsync(_folder["spool"]);
        Assert.True(ClockFile.Beside(_folder["spool"]).TryWrite(new ClockMemory(0, [Known])));

        Assert.Equal(0, AgentProgram.Run("spool", "export", "--path", _folder["spool"], "--format", "portable", "-o", _folder["file"]).ExitCode);
        Assert.Equal(0, AgentProgram.Run("spool", "import", _folder["file"], "--path", _folder["other"]).ExitCode);

        Assert.Equal([Known], ClockFile.Beside(_folder["other"]).Read().Boots);
        Assert.Equal(["2026-01-01T00:00:07.000000000Z,a,1,Cel,good,synchronized,live,1"], Exported("other"));
    }

    private string[] Exported(string spool)
    {
        (int exitCode, _, string error) = AgentProgram.Run("spool", "export", "--path", _folder[spool], "--format", "csv", "-o", _folder["csv"]);
        Assert.True(exitCode == 0, error);
        return File.ReadAllText(_folder["csv"]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];
    }

    /// <summary>One reading, seven seconds after a boot in 1970.</summary>
    private static async Task CreateAsync(string path)
    {
        var clock = new BatchClock
        {
            State = ClockState.Provisional,
            BootId = ByteString.CopyFrom(Boot.ToByteArray(bigEndian: true)),
            BootTimeNanoseconds = 7 * Second,
        };
        await using Spool spool = Spool.Open(FilledSpool.Options(path), TimeProvider.System, Guid.NewGuid());
        spool[SpoolLane.Live].Append(new TestBatch().Number("a", 7 * Second, 1).Close(clock: clock), 1);
        await spool[SpoolLane.Live].CommitAsync();
    }
}
