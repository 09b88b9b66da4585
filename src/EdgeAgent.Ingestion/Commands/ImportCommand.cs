using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using EdgeAgent.Commands;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Ingest;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Protocol.Portable;
using EdgeAgent.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion import: stores what a device's buffer held, from a file instead of from the line. The service may be running.</summary>
internal static class ImportCommand
{
    private const int BadUse = 2;
    private const int Failed = 1;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What `edge-agent spool export --format portable` wrote, compressed or not." };
        var device = new Option<string>("--device")
        {
            Description = "Name of the device, as its certificate has it: nothing in the file can prove it.",
            Required = true,
        };
        var data = new Option<string?>("--data", "--database") { Description = "Folder of the service's database." };
        var config = new Option<string?>("--config")
        {
            Description = $"Configuration file of the service. Default: {ConfigurationFile.DefaultPath} where it exists.",
        };
        var command = new Command("import", "Stores what a device's buffer held, from a file, by the rules of an upload.") { file, device, data, config };
        command.SetAction(async (parsed, stop) =>
        {
            var options = new IngestionOptions();
            var problems = new List<ConfigurationProblem>();
            ConfigurationFile.ReadInstalled(parsed.GetValue(config), options, problems);
            options.Data = parsed.GetValue(data) ?? options.Data;
            string name = parsed.GetRequiredValue(device);
            if (problems.Count > 0 || !DeviceName.IsValid(name))
            {
                string problem = problems.Count > 0 ? problems[0].ToString()! : $"\"{name}\" cannot be the name of a device: 1 to 64 letters, digits, '.', '_' and '-'.";
                await Console.Error.WriteLineAsync(problem);
                return BadUse;
            }
            return await RunAsync(parsed.GetRequiredValue(file), name, options, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(string file, string device, IngestionOptions options, CancellationToken stop)
    {
        try
        {
            if (!options.Postgres.IsUsed && !File.Exists(Path.Combine(options.Data, SqliteFile.Name)))
            {
                await Console.Error.WriteLineAsync($"There is no database in {options.Data}. Name the folder of the service with --data.");
                return Failed;
            }
            using var reader = new PortableReader(File.OpenRead(file));
            StepDown.ToOwnerOf(options.Data);
            ImportResult result = await ImportAsync(reader, device, options, stop);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{device}: {result.RecordsStored} records with {result.ReadingsStored} readings were stored, {result.RecordsSkipped} had been stored before."));
            if (result.Problem is { } problem)
            {
                await Console.Error.WriteLineAsync($"{file} was not imported to its end. {problem}");
                return Failed;
            }
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException or InvalidDataException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
    }

    private static async Task<ImportResult> ImportAsync(PortableReader reader, string device, IngestionOptions options, CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        await using IReadingStore store = await ReadingStores.OpenAsync(options, time, stop);
        using var metrics = new IngestMetrics();
        await using var queue = new StoreQueue(store, options.Ingest, new StoreHealth(), metrics, time, new Heartbeats(time), NullLogger<StoreQueue>.Instance);
        using var import = new PortableImport(reader, device, options.Ingest, store, queue, new Predecessors(store, queue, options.Ingest, time), time);
        return await import.RunAsync(stop);
    }
}
