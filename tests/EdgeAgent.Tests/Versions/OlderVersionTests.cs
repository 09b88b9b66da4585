using System.Security.Cryptography;
using System.Text.Json;
using EdgeAgent.Batching;
using EdgeAgent.Clock;
using EdgeAgent.Flash;
using EdgeAgent.Identity;
using EdgeAgent.RemoteConfig;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Commands;
using EdgeAgent.Uplink.Budget;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Tests.Versions;

/// <summary>What the last two versions have left on a device is read by this one as they read it themselves.</summary>
[Collection(CommandLine.Collection)]
public sealed class OlderVersionTests
{
    [Theory]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public void Every_reading_of_an_older_spool_is_read_with_the_value_that_the_older_version_read(string version)
    {
        using var device = new OlderDevice(version);
        Assert.Contains("Sound", Run("spool", "verify", "--path", device.Spool), StringComparison.Ordinal);
        Run("spool", "export", "--format", "csv", "--path", device.Spool, "-o", device.Export);
        using FileStream readings = File.OpenRead(device.Export);
        Assert.Equal(device.Expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(readings)));
        Assert.Equal(device.Expected.GetProperty("readings").GetInt32(), File.ReadLines(device.Export).Count() - 1);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public async Task An_older_spool_is_opened_without_a_repair_and_with_its_marks_and_losses(string version)
    {
        using var device = new OlderDevice(version);
        JsonElement lanes = device.Expected.GetProperty("lanes");
        JsonElement now = JsonDocument.Parse(Run("spool", "stat", "--json", "--path", device.Spool)).RootElement.GetProperty("lanes");
        foreach (JsonProperty lane in lanes.EnumerateObject())
        {
            foreach (JsonProperty expected in lane.Value.EnumerateObject())
            {
                Assert.True(JsonElement.DeepEquals(expected.Value, now.GetProperty(lane.Name).GetProperty(expected.Name)), $"{lane.Name} {expected}");
            }
        }

        await using Spool spool = Spool.Open(FilledSpool.Options(device.Spool), TimeProvider.System, Guid.NewGuid());
        Assert.True(spool.Recovery.ClosedCleanly);
        Assert.EndsWith("nothing to repair", spool.Recovery.ToString(), StringComparison.Ordinal);
        foreach (SpoolLane lane in new[] { SpoolLane.Alarm, SpoolLane.Live, SpoolLane.Backlog })
        {
            JsonElement expected = lanes.GetProperty(lane.ToString().ToLowerInvariant());
            Assert.Equal((expected.GetProperty("released").GetUInt64(), expected.GetProperty("committed").GetUInt64()), (spool[lane].Released, spool[lane].Committed));
        }
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public void Older_configurations_are_accepted_with_every_section_that_there_was(string version)
    {
        using var device = new OlderDevice(version);
        Environment.SetEnvironmentVariable("METER_PASSWORD", "not secret");
        Assert.Contains("sound", Run("config", "check", "--config", device.EverySection), StringComparison.Ordinal);
        Assert.Contains("sound", Run("config", "check", "--config", device.Configuration), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public void What_an_older_version_knew_of_time_traffic_and_flash_is_known(string version)
    {
        using var device = new OlderDevice(version);
        ClockMemory clock = ClockFile.Beside(device.Spool).Read();
        Assert.NotEmpty(clock.Boots);
        Assert.True(TrafficFile.Beside(device.Spool).TryRead(out TrafficMemory traffic));
        Assert.True(traffic.IsTimeKnown);
        Assert.True(new FlashDayFile(device.Spool + ".flash").TryRead(out FlashDay day, out bool isClean));
        Assert.True(isClean);
        Assert.InRange(day.Written, 1_000_000, 1L << 30);
    }

    [Fact]
    public void The_identity_of_an_older_version_is_the_devices()
    {
        using var device = new OlderDevice("0.2");
        string folder = Path.Combine(device.State, IdentityOptions.FolderName);
        var store = new IdentityStore(folder, new MadeKeys(folder));
        // Read gives nothing where certificate and key do not fit together.
        Assert.Equal((1, "fixture"), (store.Current, DeviceName.Of(store.Read(store.Current)!.Own)));
        Assert.Contains("fixture", Run("identity", "show", "--config", device.Configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void The_revisions_of_an_older_version_are_in_force()
    {
        using var device = new OlderDevice("0.2");
        var store = new RevisionStore(device.State, NullLogger.Instance);
        store.Open();
        Assert.Equal((2ul, 1ul, true), (store.State.Good.Number, store.State.Previous.Number, store.State.Trial.IsNone));
        Assert.True(OwnFile.TryRead(device.Configuration, out OwnFile own, out _));
        Assert.True(StartingPoint.TryFind(own, store, BootId.Current, NullLogger.Instance, out Layered? start, out _));
        Assert.Equal((2ul, 9000), (start.Header.Number, start.Configuration.Batch.MaximumReadings));
        Assert.Empty(store.Damage);
    }

    [Theory]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public void A_spool_that_a_later_version_has_written_is_refused_in_words_and_not_touched(string version)
    {
        using var device = new OlderDevice(version);
        File.WriteAllText(Path.Combine(device.Spool, "format"), "edge-agent spool 2\n");
        Dictionary<string, string> before = Hashes(device.Spool);

        SpoolUnavailableException refused = Assert.Throws<SpoolUnavailableException>(
            () => Spool.Open(FilledSpool.Options(device.Spool), TimeProvider.System, Guid.NewGuid()));
        Assert.Equal(DiskFault.LaterFormat, refused.Fault);
        Assert.Contains("go back to that version", refused.Message, StringComparison.Ordinal);
        foreach (string command in new[] { "stat", "verify", "repair" })
        {
            (int exitCode, _, string error) = AgentProgram.Run("spool", command, "--path", device.Spool);
            Assert.Equal(1, exitCode);
            Assert.Contains("A later version of the agent has written this spool (format 2", error, StringComparison.Ordinal);
        }
        Assert.Equal(before, Hashes(device.Spool));

        // Damage is no later version.
        File.WriteAllText(Path.Combine(device.Spool, "format"), "edge-agent spool ~2\n");
        Run("spool", "verify", "--path", device.Spool);
    }

    private static Dictionary<string, string> Hashes(string folder) =>
        Directory.GetFiles(folder).ToDictionary(static path => path, static path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));

    private static string Run(params string[] arguments)
    {
        (int exitCode, string output, string error) = AgentProgram.Run(arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }
}
