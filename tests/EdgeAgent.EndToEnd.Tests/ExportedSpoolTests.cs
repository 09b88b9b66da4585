using System.Buffers;
using System.Globalization;
using EdgeAgent.Batching;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Protocol;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Samples;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.EndToEnd.Tests;

/// <summary>What is carried away from a device by hand is in the cloud once, whatever way it comes and however often.</summary>
public sealed class ExportedSpoolTests
{
    private const long Start = 1_767_225_600_000_000_000;
    private const int Records = 8_000;
    private const int ReadingsOfRecord = 10;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_another_machine_uploads_in_the_place_of_a_device_is_stored_once_though_the_device_uploads_it_later()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        string original = cloud.Folder["original"];
        await FillAsync(original);
        string file = cloud.Folder["carried.spool"];
        Assert.Equal(0, Run<AgentHost>("spool", "export", "--format", "portable", "--gzip", "-o", file, "--path", original));

        // The other machine, with the same identity.
        string spool = cloud.Folder["spool"];
        Assert.Equal(0, Run<AgentHost>("spool", "import", file, "--path", spool));
        await UploadAsync(cloud);
        Directory.Delete(spool, recursive: true);

        // And the device itself, when its line is back.
        Directory.Move(original, spool);
        await UploadAsync(cloud);
    }

    [Fact]
    public async Task What_is_imported_into_the_service_is_stored_once_though_the_device_uploads_it_later()
    {
        await using Cloud cloud = await Cloud.StartAsync();
        string spool = cloud.Folder["spool"];
        await FillAsync(spool);
        string file = cloud.Folder["carried.spool"];
        Assert.Equal(0, Run<AgentHost>("spool", "export", "--format", "portable", "-o", file, "--path", spool));
        Assert.Equal(0, Run<IngestionHost>("import", file, "--device", Cloud.Device, "--data", Path.GetDirectoryName(cloud.DatabaseFile)!));
        AssertStoredOnce(cloud);

        await UploadAsync(cloud);
    }

    [Fact]
    public async Task An_export_to_standard_output_is_the_same_file()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder["spool"]);
        Assert.Equal(0, Run<AgentHost>("spool", "export", "--format", "csv", "-o", folder["file"], "--path", folder["spool"]));
        // artifacts/bin/PROJECT/CONFIGURATION/
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "EdgeAgent", configuration, "edge-agent.dll"));

        (int exitCode, string output) = await ForeignProcess.RunAsync(
            "dotnet", [program, "spool", "export", "--format", "csv", "--path", folder["spool"]], Enough);

        Assert.Equal(0, exitCode);
        string[] printed = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(
            (await File.ReadAllLinesAsync(folder["file"])).Order(StringComparer.Ordinal),
            printed.Where(static line => !line.StartsWith($"{Records} records", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>Runs the agent until the spool is empty, and looks at what is stored.</summary>
    private static async Task UploadAsync(Cloud cloud)
    {
        await using (AgentHost agent = AgentSettings.CreateAgent(cloud, sources: ""))
        {
            await agent.StartAsync();
            SpoolQueue live = agent.Services.GetRequiredService<SpoolSlot>().Current.Spool[SpoolLane.Live];
            // The loss has a number too.
            await Eventually.TrueAsync(() => live.Released == Records + 1, Enough, () => $"released through {live.Released}");
            await agent.StopAsync();
        }
        AssertStoredOnce(cloud);
    }

    private static void AssertStoredOnce(Cloud cloud)
    {
        using StoredReadings database = cloud.OpenDatabase();
        Assert.Equal(Enumerable.Range(0, Records * ReadingsOfRecord).Select(static i => (double)i), database.Numbers("counter"));
        Assert.Equal(Records * ReadingsOfRecord, database.Count());
    }

    /// <summary>As many records as take several segments, and a loss among them.</summary>
    private static async Task FillAsync(string path)
    {
        var options = new SpoolOptions { Path = path, MaximumBytes = 4 << 20, SegmentBytes = 256 << 10, FreeSpaceFloor = 0 };
        await using Spool spool = Spool.Open(options, TimeProvider.System, Guid.NewGuid());
        SpoolQueue live = spool[SpoolLane.Live];
        var encoder = new BatchEncoder();
        for (int record = 0; record < Records; record++)
        {
            if (record == Records / 2)
            {
                live.AppendLoss(5, Spooling.LossCause.Overflow);
            }
            ulong dictionary = live.PrepareAppend(4096);
            for (int i = record * ReadingsOfRecord; i < (record + 1) * ReadingsOfRecord; i++)
            {
                encoder.Add(1, SeriesKind.Number, Start + (i * 1_000_000_000L), i, null, Quality.Good);
            }
            var bytes = new ArrayBufferWriter<byte>();
            encoder.Encode(dictionary, new Names(), BatchCompression.Gzip, bytes);
            live.Append(bytes.WrittenSpan, ReadingsOfRecord);
        }
    }

    private static int Run<TOfProgram>(params string[] arguments) =>
        Convert.ToInt32(typeof(TOfProgram).Assembly.EntryPoint!.Invoke(null, [arguments]), CultureInfo.InvariantCulture);

    private sealed class Names : ISeriesDefinitions
    {
        public SeriesDefinition this[uint reference] => new() { Ref = reference, Name = "counter", Kind = SeriesKind.Number };
    }
}
