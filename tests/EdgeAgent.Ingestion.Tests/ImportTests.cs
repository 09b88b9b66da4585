using System.Text.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Record = EdgeAgent.Protocol.V1.Record;

namespace EdgeAgent.Ingestion.Tests;

/// <summary><c>edge-ingestion import</c>, through the program's entry point, into the database of a service that is running.</summary>
[Collection(nameof(ImportTests))]
public sealed class ImportTests
{
    [Fact]
    public async Task What_is_in_the_file_and_comes_over_the_line_too_is_stored_once_whichever_comes_first()
    {
        await using RunningService service = await RunningService.StartAsync();
        Protocol.V1.Ingest.IngestClient client = service.Client();
        await client.SendAsync(Uploads.Open(1), Uploads.Numbers(1), Uploads.Numbers(2));
        string file = Write(service, 0, [.. Sequences(1, 4).Select(sequence => Stored(sequence)), Gap(5, 6), Stored(7)]);

        (int exitCode, string output, string error) = Import(service, file);

        Assert.True(exitCode == 0, error);
        Assert.Equal("plant-1: 3 records with 9 readings were stored, 2 had been stored before.", output.TrimEnd());
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3, 4, 7), await service.ValuesAsync());
        Assert.Equal((0, "plant-1: 0 records with 0 readings were stored, 5 had been stored before."), Summary(Import(service, file)));
        UploadReceipt receipt = await client.SendAsync(
            Uploads.Open(1), Uploads.Numbers(1), Uploads.Numbers(2), Uploads.Numbers(3), Uploads.Numbers(4), Uploads.Gap(5, 6), Uploads.Numbers(7), Uploads.Numbers(8));
        Assert.Equal((8ul, 1u, 5u), (receipt.DurableThrough, receipt.RecordsStored, receipt.RecordsSkipped));
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3, 4, 7, 8), await service.ValuesAsync());
        JsonElement summary = await service.JsonAsync("api/summary");
        Assert.Equal(5, summary.GetProperty("readingsLost").GetInt32());
    }

    [Fact]
    public async Task Series_that_are_named_in_a_record_which_is_skipped_are_known_to_those_behind_it()
    {
        await using RunningService service = await RunningService.StartAsync();
        // The gap is all that the service has of it: no name has ever reached it.
        await service.Client().SendAsync(Uploads.Open(1), Uploads.Gap(1, 2, 6, LossCause.Released));

        (int exitCode, _, string error) = Import(service, Write(service, 2, [Stored(1), Stored(2), Stored(3)]));

        Assert.True(exitCode == 0, error);
        Assert.Equal(StoredReadings.Expected(3, 3), await service.ValuesAsync());
    }

    [Fact]
    public async Task A_hole_between_the_service_and_the_file_is_an_error_and_nothing_is_stored()
    {
        await using RunningService service = await RunningService.StartAsync();
        (int exitCode, _, string error) = Import(service, Write(service, 4, [Stored(5, define: true)]));

        Assert.Equal(1, exitCode);
        Assert.Matches(@"At byte \d+: the service has everything through 0 of the lane Live of plant-1, and the file goes on at 5", error);
        Assert.Empty((await service.JsonAsync("api/devices")).GetProperty("devices").EnumerateArray());
    }

    [Fact]
    public async Task Of_a_damaged_file_what_stands_before_the_damage_is_stored_and_nothing_of_the_damaged_record()
    {
        await using RunningService service = await RunningService.StartAsync();
        string file = Write(service, 0, [Stored(1), Stored(2), Stored(3)]);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[^60] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        (int exitCode, _, string error) = Import(service, file);

        Assert.Equal(1, exitCode);
        Assert.Matches(@"was not imported to its end. At byte \d+: the entry is damaged", error);
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await service.ValuesAsync());
        Assert.Equal(1, Import(service, Write(service, 0, [Stored(1), Stored(2), Undecodable(3), Stored(4)])).ExitCode);
        Assert.Equal(StoredReadings.Expected(3, 1, 2), await service.ValuesAsync());
        Assert.Equal(0, Import(service, Write(service, 0, [Stored(1), Stored(2), Stored(3)])).ExitCode);
        Assert.Equal(StoredReadings.Expected(3, 1, 2, 3), await service.ValuesAsync());
    }

    [Fact]
    public async Task Bad_input_is_one_clear_line()
    {
        await using RunningService service = await RunningService.StartAsync();
        string file = Write(service, 0, [Stored(1)]);
        string none = Path.Combine(service.Folder, "none");
        Assert.Contains("There is no database in", Run("import", file, "--device", "plant-1", "--data", none).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(none));
        Assert.Contains("cannot be the name of a device", Run("import", file, "--device", "a b", "--data", service.Options.Data).Error, StringComparison.Ordinal);
        (int exitCode, _, string error) = Run("import", none, "--device", "plant-1", "--data", service.Options.Data);
        Assert.Equal(1, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static IEnumerable<ulong> Sequences(ulong from, ulong to) => Enumerable.Range((int)from, (int)(to - from) + 1).Select(static i => (ulong)i);

    private static PortableEntry Stored(ulong sequence, bool define = false) => Stored(Uploads.Numbers(sequence, define: define).Record);

    private static PortableEntry Undecodable(ulong sequence) => Stored(Uploads.Undecodable(sequence).Record);

    private static PortableEntry Stored(Record record)
    {
        ulong sequence = record.Sequence;
        record.Sequence = 0;
        return new PortableEntry { Record = new PortableRecord { Sequence = sequence, Readings = record.Readings, Stored = record.ToByteString() } };
    }

    private static PortableEntry Gap(ulong from, ulong to) => new() { Gap = Uploads.Gap(from, to).Gap };

    private static string Write(RunningService service, ulong released, PortableEntry[] entries)
    {
        string file = Path.Combine(service.Folder, "file.spool");
        using FileStream stream = File.Create(file);
        using var writer = new PortableWriter(stream);
        writer.Write(new PortableEntry { Spool = new PortableSpool { SpoolId = ByteString.CopyFrom(Uploads.Spool), AgentVersion = "test 1" } });
        writer.Write(new PortableEntry { Lane = new PortableLane { Lane = Lane.Live, Released = released, Committed = 100 } });
        writer.Write(new PortableEntry { Segment = new PortableSegment { First = 1, FileBytes = 1 << 20 } });
        Array.ForEach(entries, writer.Write);
        writer.Finish();
        return file;
    }

    private static (int ExitCode, string Output, string Error) Import(RunningService service, string file) =>
        Run("import", file, "--device", "plant-1", "--data", service.Options.Data);

    private static (int ExitCode, string Output) Summary((int ExitCode, string Output, string Error) run) => (run.ExitCode, run.Output.TrimEnd());

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments) => CommandLine.Run(typeof(IngestionHost).Assembly, arguments);
}
