using System.IO.Compression;
using System.Text.Json;
using EdgeAgent.Commands;
using EdgeAgent.Protocol;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Configuration;
using EdgeAgent.Tests.Thinning;
using EdgeAgent.Thinning;

namespace EdgeAgent.Tests.Commands;

/// <summary><c>edge-agent spool …</c>, each through the program's entry point on a spool that the real one wrote.</summary>
[Collection(CommandLine.Collection)]
public sealed class SpoolCommandTests
{
    [Fact]
    public async Task Stat_says_how_much_of_what_lies_there_since_when_and_how_long_there_is_room()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(100, keepOpen: true);
        spool.Spool[SpoolLane.Live].Release(20);
        spool.Spool[SpoolLane.Live].AppendLoss(7, LossCause.Overflow);
        await spool.CloseAsync();
        (int exitCode, string output, _) = AgentProgram.Run("spool", "stat", "--json", "--path", spool.Path);
        Assert.Equal(0, exitCode);
        JsonElement stat = JsonDocument.Parse(output).RootElement;
        JsonElement live = stat.GetProperty("lanes").GetProperty("live");
        Assert.Equal((20, 101, 800), (Int(live, "released"), Int(live, "committed"), Int(live, "readings")));
        Assert.Equal(7, Int(live.GetProperty("lost"), "overflow"));
        Assert.Equal("2026-01-01T00:03:30.000000000Z", live.GetProperty("oldest").GetString());
        Assert.Equal("2026-01-01T00:16:49.000000000Z", live.GetProperty("newest").GetString());
        Assert.Equal(1, Int(stat.GetProperty("lanes").GetProperty("alarm"), "readings"));
        Assert.Equal(JsonValueKind.Null, stat.GetProperty("secondsToFull").ValueKind);

        (exitCode, output, string error) = AgentProgram.Run("spool", "stat", "--path", spool.Path);
        Assert.True(exitCode == 0, error);
        Assert.Contains("lost, overflow", output, StringComparison.Ordinal);
        Assert.Contains("Time to full: not known without the configuration", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stat_with_the_configuration_knows_the_cap_and_so_when_the_spool_will_be_full()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(1_000);
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["agent.json"], $$"""{ {{Read.Cloud(folder)}}, "spool": { "path": "{{spool.Path}}", "maximumBytes": "8MiB", "segmentBytes": "256KiB" } }""");

        (int exitCode, string output) = OutputOf("spool", "stat", "--json", "--config", folder["agent.json"]);

        Assert.Equal(0, exitCode);
        JsonElement stat = JsonDocument.Parse(output).RootElement;
        double bytes = stat.GetProperty("lanes").GetProperty("live").GetProperty("bytes").GetDouble();
        // 1,000 records of ten readings a second apart, from the first to the last.
        Assert.Equal(bytes / 9_999, stat.GetProperty("bytesPerSecond").GetDouble(), 6);
        double room = (8 << 20) - stat.GetProperty("bytesOnDisk").GetDouble() + (stat.GetProperty("spares").GetDouble() * (256 << 10));
        Assert.Equal(room / (bytes / 9_999), stat.GetProperty("secondsToFull").GetDouble(), 3);
        Assert.Contains("Full in ", OutputOf("spool", "stat", "--config", folder["agent.json"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_export_of_a_spool_that_is_filled_and_emptied_meanwhile_makes_a_sound_spool_or_none()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(2_000, keepOpen: true);
        using var stop = new CancellationTokenSource();
        Task owner = Task.Run(async () =>
        {
            SpoolQueue live = spool.Spool[SpoolLane.Live];
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                spool.Append(200);
                await live.CommitAsync();
                live.Release(live.Committed - Math.Min(live.Committed, 2_500));
            }
        });
        int made = 0;
        for (int export = 0; export < 8; export++)
        {
            string file = spool[$"{export}.spool"];
            if (AgentProgram.Run("spool", "export", "--format", "portable", "-o", file, "--path", spool.Path).ExitCode != 0)
            {
                Assert.False(File.Exists(file));
                continue;
            }
            made++;
            string copy = spool[$"{export}"];
            (int exitCode, _, string error) = AgentProgram.Run("spool", "import", file, "--path", copy);
            Assert.True(exitCode == 0, error);
            string verdict = OutputOf("spool", "verify", "--path", copy).Output;
            Assert.True(verdict.StartsWith("Sound: ", StringComparison.Ordinal), verdict);
        }
        await stop.CancelAsync();
        await owner;
        Assert.True(made > 0);
    }

    [Fact]
    public async Task An_export_that_finds_the_front_of_a_freed_segment_written_over_does_not_count()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(300, keepOpen: true);
        spool.Spool[SpoolLane.Live].Release(200);
        await spool.CloseAsync();
        using var view = SpoolView.Open(spool.Path);
        string segment = Directory.GetFiles(spool.Path, "live-*")[0];

        // What the owner does with a segment that is no longer needed: another name, then the first bytes of its next life.
        string renamed = Path.Combine(spool.Path, "live-00000000000003e8.segment");
        File.Move(segment, renamed);
        using (FileStream next = File.Open(renamed, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            next.Write(new byte[8_192]);
        }

        Assert.False(SpoolPortableExport.Write(view, [SpoolLane.Alarm, SpoolLane.Live], new MemoryStream()).IsComplete);
    }

    [Fact]
    public async Task Verify_ends_with_0_on_a_sound_spool_and_with_1_and_a_line_for_each_damage_otherwise()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(100);
        Assert.Equal((0, "Sound: 2 segments with 101 sound records were read."), OutputOf("spool", "verify", "--path", spool.Path));

        string segment = Directory.GetFiles(spool.Path, "live-*")[0];
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[3_000] ^= 1;
        File.WriteAllBytes(segment, bytes);
        (int exitCode, string output) = OutputOf("spool", "verify", "--path", spool.Path);
        string[] lines = output.Split('\n');
        Assert.Equal((1, 2), (exitCode, lines.Length));
        Assert.StartsWith("live-0000000000000001.segment at byte ", lines[0], StringComparison.Ordinal);
        Assert.Contains("1 records with 10 readings", lines[0], StringComparison.Ordinal);
        (exitCode, output) = OutputOf("spool", "verify", "--json", "--path", spool.Path);
        Assert.Equal(1, exitCode);
        Assert.False(JsonDocument.Parse(output).RootElement.GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task Verify_names_a_record_that_is_whole_and_cannot_be_decoded()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(1, keepOpen: true);
        spool.Spool[SpoolLane.Live].Append("no record"u8, 3);
        await spool.CloseAsync();

        (int exitCode, string output) = OutputOf("spool", "verify", "--path", spool.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("record 2 is whole and cannot be decoded", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_needs_the_spool_for_itself_says_what_it_did_and_deletes_the_quarantine_when_told()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(10, keepOpen: true);
        (int exitCode, _, string error) = AgentProgram.Run("spool", "repair", "--path", spool.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains("is in use", error, StringComparison.Ordinal);
        Assert.Contains("stop the agent", error, StringComparison.Ordinal);

        await spool.CloseAsync();
        File.WriteAllBytes(Path.Combine(spool.Path, "live-00000000000000aa.segment"), [.. Enumerable.Repeat((byte)7, 256 << 10)]);
        (exitCode, string output) = OutputOf("spool", "repair", "--path", spool.Path);
        Assert.Equal(0, exitCode);
        Assert.Contains("1 file put into quarantine", output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(spool.Path, "quarantine")));
        (exitCode, output) = OutputOf("spool", "repair", "--drop-quarantine", "--path", spool.Path);
        Assert.Equal(0, exitCode);
        Assert.Contains("1 files were deleted", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(spool.Path, "quarantine")));
    }

    [Fact]
    public async Task Tail_shows_the_newest_readings_of_a_spool_in_use_also_those_that_were_sent()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(50, keepOpen: true);
        spool.Spool[SpoolLane.Live].Release(50);

        (int exitCode, string output) = OutputOf("spool", "tail", "-n", "2", "--path", spool.Path);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            "2026-01-01T00:08:28.000000000Z  office/temperature  50008 Cel  good\n2026-01-01T00:08:29.000000000Z  office/temperature  50009 Cel  good",
            output);
        (_, output) = OutputOf("spool", "tail", "-n", "1", "--json", "--path", spool.Path);
        Assert.Equal(50_009, JsonDocument.Parse(output).RootElement.GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Tail_goes_on_with_what_is_added_and_shows_nothing_twice()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(50, keepOpen: true);
        var tail = new SpoolTail(spool.Path);
        Assert.Equal([50_008, 50_009], tail.Newest(2).Select(static reading => reading.Number));
        Assert.Empty(tail.Added());

        spool.Append(2);
        await spool.Spool[SpoolLane.Live].CommitAsync();

        Assert.Equal(
            Enumerable.Range(51_000, 10).Concat(Enumerable.Range(52_000, 10)).Select(static number => (double)number),
            tail.Added().Select(static reading => reading.Number));
        Assert.Empty(tail.Added());
    }

    [Fact]
    public async Task Csv_and_json_lines_hold_every_reading_that_was_asked_for()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(3, keepOpen: true);
        spool.Spool[SpoolLane.Live].Release(1);
        await spool.CloseAsync();

        Export(spool, "out.csv", "csv");
        string[] csv = File.ReadAllText(spool["out.csv"]).Split("\r\n");
        Assert.Equal("time,series,value,unit,quality,clock,lane,sequence", csv[0]);
        Assert.Equal("2026-01-01T00:00:00.000000000Z,\"door, \"\"north\"\"\",true,Cel,good,synchronized,alarm,1", csv[1]);
        Assert.Equal("2026-01-01T00:00:20.000000000Z,office/temperature,2000,Cel,good,synchronized,live,2", csv[2]);
        Assert.Equal((23, ""), (csv.Length, csv[^1]));

        Export(spool, "out.jsonl", "jsonl", "--lane", "live", "--from", "2026-01-01T00:00:25Z", "--to", "2026-01-01T00:00:31Z");
        string[] json = File.ReadAllLines(spool["out.jsonl"]);
        Assert.Equal(6, json.Length);
        Assert.Equal(
            """{"time":"2026-01-01T00:00:25.000000000Z","series":"office/temperature","value":2005,"unit":"Cel","quality":"good","clock":"synchronized","lane":"live","sequence":2,"labels":{"room":"2.17"}}""",
            json[0]);

        Export(spool, "out.gz", "jsonl", "--gzip");
        using var gzip = new StreamReader(new GZipStream(File.OpenRead(spool["out.gz"]), CompressionMode.Decompress));
        Assert.Equal(21, gzip.ReadToEnd().Count(static character => character == '\n'));
        Assert.Equal(["out.csv", "out.gz", "out.jsonl", "spool"], Directory.GetFileSystemEntries(spool["."]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Aggregates_of_a_thinned_stretch_are_series_by_themselves()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(0, keepOpen: true);
        var batch = new TestBatch();
        for (int second = 0; second < 600; second++)
        {
            batch.Number("level", FilledSpool.Start + TestBatch.Seconds(second), second);
        }
        var run = new RecordedRun(1, [batch.Close()]);
        Assert.Equal(ThinningOutcome.Thinned, new ReadingThinner(BatchCompression.Gzip).Thin(1, run));
        run.Appended.ForEach(record => spool.Spool[SpoolLane.Live].Append(record, 0));
        await spool.CloseAsync();

        Export(spool, "out.jsonl", "jsonl", "--lane", "live");

        string[] lines = File.ReadAllLines(spool["out.jsonl"]);
        Assert.Equal(10, lines.Count(static line => line.Contains("\"series\":\"level:max:1m\"", StringComparison.Ordinal)));
        Assert.Contains(lines, static line => line.Contains("\"aggregate\":{\"of\":\"level\",\"function\":\"count\",\"window\":\"1m\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_portable_file_makes_the_same_spool_again_from_which_the_same_file_is_exported()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(8_000, keepOpen: true);
        // Not in the first piece: that is freed, and the mark is written with it.
        spool.Spool[SpoolLane.Live].Release(6_500);
        spool.Spool[SpoolLane.Live].AppendLoss(7, LossCause.Overflow);
        spool.Append(5);
        await spool.Spool[SpoolLane.Live].CommitAsync();
        // While the owner has it.
        Export(spool, "a.spool", "portable");

        (int exitCode, string output, string error) = AgentProgram.Run("spool", "import", spool["a.spool"], "--path", spool["b"]);
        Assert.True(exitCode == 0, error);
        Assert.Contains("only one of the two machines", output, StringComparison.Ordinal);
        Assert.Equal(0, AgentProgram.Run("spool", "export", "--format", "portable", "--gzip", "-o", spool["b.spool.gz"], "--path", spool["b"]).ExitCode);

        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(spool["b.spool.gz"]), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(unpacked);
        }
        Assert.Equal(File.ReadAllBytes(spool["a.spool"]), unpacked.ToArray());
        Assert.Equal(0, AgentProgram.Run("spool", "import", spool["b.spool.gz"], "--path", spool["c"]).ExitCode);
        await using Spool restored = Spool.Open(FilledSpool.Options(spool["c"]), TimeProvider.System, Guid.NewGuid());
        Assert.Equal((spool.Spool.Id, 6_500ul, 8_006ul), (restored.Id, restored[SpoolLane.Live].Released, restored[SpoolLane.Live].Tail));
        Assert.Equal(0ul, restored.Recovery.CorruptRecords);
    }

    [Fact]
    public async Task The_backlog_is_told_of_exported_and_imported_like_the_other_lanes()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(3, keepOpen: true);
        var batch = new TestBatch();
        batch.Number("late", FilledSpool.Start, 7);
        spool.Spool[SpoolLane.Backlog].Append(batch.Close(), 1);
        await spool.CloseAsync();

        Export(spool, "out.csv", "csv", "--lane", "backlog");
        Assert.Contains("late,7", File.ReadAllLines(spool["out.csv"])[1], StringComparison.Ordinal);
        Export(spool, "a.spool", "portable");
        Assert.Equal(0, AgentProgram.Run("spool", "import", spool["a.spool"], "--path", spool["b"]).ExitCode);
        await using Spool imported = Spool.Open(FilledSpool.Options(spool["b"]), TimeProvider.System, Guid.NewGuid());
        Assert.Equal((1ul, 3ul, 1ul), (imported[SpoolLane.Alarm].Tail, imported[SpoolLane.Live].Tail, imported[SpoolLane.Backlog].Tail));
        using var stat = System.Text.Json.JsonDocument.Parse(AgentProgram.Run("spool", "stat", "--json", "--path", spool.Path).Output);
        Assert.Equal(1, stat.RootElement.GetProperty("lanes").GetProperty("backlog").GetProperty("readings").GetInt64());
    }

    [Fact]
    public async Task A_file_that_is_damaged_cut_off_or_something_else_is_refused_with_its_place_and_leaves_no_spool()
    {
        await using FilledSpool spool = await FilledSpool.CreateAsync(100);
        Export(spool, "sound", "portable");
        byte[] sound = File.ReadAllBytes(spool["sound"]);
        byte[] damaged = [.. sound];
        damaged[sound.Length / 2] ^= 4;
        foreach (byte[] file in (byte[][])[damaged, sound[..(sound.Length / 2)], sound[..^20], "something else"u8.ToArray(), []])
        {
            File.WriteAllBytes(spool["file"], file);
            (int exitCode, _, string error) = AgentProgram.Run("spool", "import", spool["file"], "--path", spool["b"]);
            Assert.Equal(1, exitCode);
            Assert.Matches(@"was not imported. At byte \d+: ", error);
            Assert.Single(error.TrimEnd().Split('\n'));
            Assert.Throws<NotASpoolException>(() => SpoolView.Open(spool["b"]));
        }
        (int again, _, string refused) = AgentProgram.Run("spool", "import", spool["sound"], "--path", spool.Path);
        Assert.Equal(1, again);
        Assert.Contains("holds a spool already", refused, StringComparison.Ordinal);
        Export(spool, "alarms", "portable", "--lane", "alarm");
        Assert.Contains("Not all lanes", AgentProgram.Run("spool", "import", spool["alarms"], "--path", spool["b"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_one_clear_line_and_an_exit_code()
    {
        using var folder = new TemporaryFolder();
        string none = folder["none"];
        foreach (string[] command in (string[][])[["stat"], ["verify"], ["repair"], ["tail"], ["export", "--format", "csv", "-o", folder["x"]]])
        {
            (int exitCode, _, string error) = AgentProgram.Run(["spool", .. command, "--path", none]);
            Assert.Equal((1, $"There is no folder {none}. Check the path."), (exitCode, error.TrimEnd()));
            (exitCode, _, error) = AgentProgram.Run(["spool", .. command, "--path", folder.Path]);
            Assert.Equal((1, $"{folder.Path} holds no spool: neither marks nor segments. Check the path."), (exitCode, error.TrimEnd()));
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Contains("is no time", AgentProgram.Run("spool", "export", "--format", "csv", "--from", "yesterday", "--path", none).Error, StringComparison.Ordinal);
        Assert.Contains(
            "whole lanes", AgentProgram.Run("spool", "export", "--format", "portable", "--from", "2026-01-01", "--path", none).Error, StringComparison.Ordinal);
        Assert.Equal(78, AgentProgram.Run("spool", "stat", "--config", none).ExitCode);
    }

    private static void Export(FilledSpool spool, string file, string format, params string[] more)
    {
        (int exitCode, _, string error) = AgentProgram.Run(["spool", "export", "--format", format, "-o", spool[file], "--path", spool.Path, .. more]);
        Assert.True(exitCode == 0, error);
    }

    private static (int ExitCode, string Output) OutputOf(params string[] arguments)
    {
        (int exitCode, string output, string error) = AgentProgram.Run(arguments);
        Assert.Equal("", error);
        return (exitCode, output.TrimEnd());
    }

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
