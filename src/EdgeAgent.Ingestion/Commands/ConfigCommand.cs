using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion config push|show|diff|history|validate|retry: what devices should run.</summary>
internal static class ConfigCommand
{
    private const int Invalid = 1;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = LayerDocument.Form.Encoder };

    public static Command Create() => AdminClient.WithOptions(new Command("config", "What devices should run: layers for the fleet, for groups and for devices.")
    {
        AdminAction.Json, PushCommand.Create(), Show(), Diff(), History(), Validate(), Retry(),
    });

    private static Command Show()
    {
        var device = new Option<string?>("--device") { Description = "The revision that a device should run, and how far it is with it." };
        var revision = new Option<long?>("--revision") { Description = "An earlier revision of the device." };
        var layer = new Option<string?>("--layer") { Description = "The document of a layer: fleet, group:NAME or device:NAME." };
        var version = new Option<long?>("--version") { Description = "An earlier version of the layer." };
        var layers = new Option<bool>("--layers") { Description = "The newest version of each layer." };
        return new Command("show", "Shows how far each device is, or a device, a layer, a document.") { device, revision, layer, version, layers }.Does(
            async (parsed, client, stop) =>
            {
                if (parsed.GetValue(layers))
                {
                    AdminAction.Print(
                        parsed, await client.GetAsync("config/layers", ConfigJson.Default.LayersAnswer, stop), ConfigJson.Default.LayersAnswer, VersionLines);
                }
                else if (parsed.GetValue(layer) is { } named)
                {
                    LayerVersionView found = await ConfigReference.LayerAsync(client, named, parsed.GetValue(version), stop);
                    AdminAction.Print(parsed, found, ConfigJson.Default.LayerVersionView, static found => [Text(found.Document!.Value)]);
                }
                else if (parsed.GetValue(device) is { } name)
                {
                    RevisionView found = await ConfigReference.RevisionAsync(client, name, parsed.GetValue(revision), stop);
                    AdminAction.Print(parsed, found, ConfigJson.Default.RevisionView, found => RevisionLines(name, found));
                }
                else
                {
                    AdminAction.Print(
                        parsed, await DevicesAsync(client, stop), ConfigJson.Default.DeviceConfigsAnswer, static answer => DeviceLines(answer.Devices));
                }
            });
    }

    private static Command Diff()
    {
        var first = new Argument<string>("A") { Description = "A layer (fleet, group:NAME@2), a device's revision (NAME, NAME@5), or a file." };
        var second = new Argument<string>("B") { Description = "The same." };
        return new Command("diff", "Shows in what two configurations differ.") { first, second }.Does(async (parsed, client, stop) =>
        {
            JsonElement before = await ConfigReference.DocumentAsync(client, parsed.GetRequiredValue(first), stop);
            JsonElement after = await ConfigReference.DocumentAsync(client, parsed.GetRequiredValue(second), stop);
            foreach (string line in JsonDifference.Lines(before, after))
            {
                Console.WriteLine(line);
            }
        });
    }

    private static Command History()
    {
        var device = new Option<string?>("--device") { Description = "The revisions of a device, and what it said." };
        var layer = new Option<string?>("--layer") { Description = "The versions of a layer." };
        return new Command("history", "Shows what was pushed, or what a device should have run and what became of it.") { device, layer }.Does(
            async (parsed, client, stop) =>
            {
                if (parsed.GetValue(device) is { } name)
                {
                    DeviceHistoryView history = await client.GetAsync($"config/devices/{name}", ConfigJson.Default.DeviceHistoryView, stop);
                    AdminAction.Print(parsed, history, ConfigJson.Default.DeviceHistoryView, HistoryLines);
                }
                else
                {
                    LayersAnswer versions = await client.GetAsync(
                        $"config/layers/{parsed.GetValue(layer) ?? Layer.Fleet.ToString()}", ConfigJson.Default.LayersAnswer, stop);
                    AdminAction.Print(parsed, versions, ConfigJson.Default.LayersAnswer, VersionLines);
                }
            });
    }

    private static Command Validate()
    {
        var file = new Argument<string>("FILE") { Description = "What would be pushed." };
        var command = new Command(
            "validate",
            "Checks what the service checks: JSON, its size, names that stand twice, settings that only the device's own file may have. "
            + "What the settings mean only the device knows: it checks everything before it runs it, and reports all errors.") { file };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"There is no file {path}.");
                return Invalid;
            }
            bool isValid = LayerDocument.TryRead(
                File.ReadAllBytes(path), new ConfigOptions().MaximumDocumentBytes, out byte[]? document, out IReadOnlyList<DocumentProblem> problems);
            foreach (DocumentProblem problem in problems)
            {
                Console.Error.WriteLine(problem.Line == 0 ? $"{path}: {problem}" : $"{path}:{problem}");
            }
            if (!isValid)
            {
                return Invalid;
            }
            IReadOnlyList<string> bootstrap = ReservedKeys.BootstrapChanges([], MergePatch.Parse(document));
            Console.WriteLine(bootstrap.Count == 0
                ? $"{path} can be pushed."
                : $"{path} can be pushed; it says where the cloud is ({string.Join(", ", bootstrap)}), so it needs --bootstrap unless the layer says the same already.");
            return 0;
        });
        return command;
    }

    private static Command Retry()
    {
        var device = new Argument<string>("DEVICE");
        return new Command("retry", "Sends a device once more what it has rejected or reverted.") { device }.Does(async (parsed, client, stop) =>
        {
            RetryAnswer answer = await client.PostAsync(
                $"config/devices/{parsed.GetRequiredValue(device)}/retry", new EmptyRequest(), ConfigJson.Default.EmptyRequest, ConfigJson.Default.RetryAnswer, stop);
            AdminAction.Print(
                parsed, answer, ConfigJson.Default.RetryAnswer, static answer => [$"{answer.Device} will be sent it as revision {answer.Number}."]);
        });
    }

    /// <summary>All of them, page after page.</summary>
    private static async Task<DeviceConfigsAnswer> DevicesAsync(AdminClient client, CancellationToken stop)
    {
        var devices = new List<DeviceConfigView>();
        IReadOnlyList<DeviceConfigView> page;
        do
        {
            string after = devices.Count == 0 ? "" : devices[^1].Device;
            page = (await client.GetAsync($"config/devices?after={after}", ConfigJson.Default.DeviceConfigsAnswer, stop)).Devices;
            devices.AddRange(page);
        }
        while (page.Count > 0);
        return new DeviceConfigsAnswer(devices);
    }

    private static IEnumerable<string> DeviceLines(IReadOnlyList<DeviceConfigView> devices) => TextTable.Lines(
    [
        ["DEVICE", "STATE", "REVISION", "HOLDS", "MADE OF", "SAYS"],
        .. devices.Select(device => (string[])[
            device.Device, device.State, Number(device.Number), Number(device.Held), string.Join(' ', device.Versions),
            device.Report is { Errors: [var error, ..] } ? $"{error.Pointer} {error.Message}".Trim() : ""]),
    ]);

    private static IEnumerable<string> VersionLines(LayersAnswer answer) => TextTable.Lines(
    [
        ["LAYER", "VERSION", "MADE", "AUTHOR", "HASH", "MESSAGE"],
        .. answer.Versions.Select(version => (string[])[
            version.Layer, Number(version.Version), version.Made, version.Author, version.Hash[..12], version.Message]),
    ]);

    private static IEnumerable<string> RevisionLines(string device, RevisionView revision) =>
    [
        $"// Revision {Number(revision.Number)} of {device}, by {revision.Author}, {revision.Made}: {string.Join(", ", revision.Versions)}",
        $"// {revision.State ?? "not answered"}; SHA-256 {revision.Hash}",
        Text(revision.Document!.Value),
    ];

    private static IEnumerable<string> HistoryLines(DeviceHistoryView history)
    {
        yield return $"{history.Device.Device}: {history.Device.State}; groups: {(history.Groups.Count == 0 ? "none" : string.Join(", ", history.Groups))}";
        foreach (string line in TextTable.Lines(
        [
            ["REVISION", "MADE", "AUTHOR", "STATE", "MADE OF"],
            .. history.Revisions.Select(revision => (string[])[
                Number(revision.Number), revision.Made, revision.Author, revision.State ?? "-", string.Join(' ', revision.Versions)]),
        ]))
        {
            yield return line;
        }
        foreach (ReportView report in history.Reports)
        {
            yield return $"{report.Received} revision {Number(report.Number)} {report.Outcome}, runs {Number(report.Running)}";
            foreach (ReportedError error in report.Errors)
            {
                yield return $"    {error.Pointer}: {error.Message}";
            }
            if (report.Omitted > 0)
            {
                yield return $"    and {Number(report.Omitted)} more";
            }
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement document)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Indented))
        {
            document.WriteTo(writer);
        }
        return System.Text.Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }
}
