using System.Net;
using System.Text;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Torture.Config;

/// <summary>A revision that asks for what cannot be, or is none.</summary>
internal static class ContentCases
{
    private const int TenMegabytes = 10_000_000;

    public static IReadOnlyList<TortureCase> All { get; } =
    [
        new("sampling that floods", _ => FloodAsync()),
        new("sensors that do not exist", _ => NoSensorAsync()),
        new("all errors of a revision", _ => WrongAsync()),
        new("invalid JSON pushed", _ => RefusedAsync("""{ "batch": { "maximumAge": "1s" """)),
        new("invalid JSON sent by a hostile service", _ => SmuggledAsync("""{ "batch": { "maximumAge": "1s" """, isTold: true)),
        new("10 MB document pushed", _ => RefusedAsync(Long())),
        new("10 MB document sent by a hostile service", _ => SmuggledAsync(Long(), isTold: false)),
    ];

    /// <summary>Sensors that nobody can be asked about, of a bus that is not there.</summary>
    public const string NoSensors = """{ "i2c": [ { "bus": 97, "sensors": [ { "chip": "sht3x", "series": "ghost", "interval": "500ms" } ] } ] }""";

    /// <exception cref="InvalidOperationException">The service took it.</exception>
    public static async Task<string> RefusalAsync(ConfigRig rig, string document)
    {
        try
        {
            await rig.PushAsync(rig.Device.Layer, document);
        }
        // Without a status where the service has closed the connection on what is too large before it was sent.
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge or null)
        {
            if (await rig.HistoryAsync(rig.Device.Name) is { Device.Number: 0 })
            {
                return refused.Message;
            }
        }
        throw new InvalidOperationException("The service has taken it.");
    }

    private static async Task<CaseResult> FloodAsync()
    {
        // As many as an agent takes, two readings each millisecond, over a line that is slow: this machine alone would carry them.
        const int Lines = 128;
        await using ConfigRig rig = await ConfigRig.StartAsync();
        string lines = string.Join(", ", Enumerable.Range(0, Lines).Select(
            line => $$"""{ "chip": "simulated", "line": "flood-{{line}}", "mode": "edges", "edge": "both", "series": "flood/{{line}}", "period": "1ms" }"""));
        ReportView report = await rig.Device.OutcomeAsync(await rig.Device.PushAsync($$"""{ "cloud": { "rate": "4KiB" }, "gpio": [ {{lines}} ] }"""));
        return await rig.Device.CloseAsync(report is { Outcome: "reverted", Running: 0 } && IsReason(report, "floods"), ConfigDevice.Words(report));
    }

    private static async Task<CaseResult> NoSensorAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ReportView report = await rig.Device.OutcomeAsync(await rig.Device.PushAsync(NoSensors));
        return await rig.Device.CloseAsync(report is { Outcome: "reverted", Running: 0 } && IsReason(report, "no-sensor"), ConfigDevice.Words(report));
    }

    /// <summary>What the service cannot know, the device tells, and all of it at once.</summary>
    private static async Task<CaseResult> WrongAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ReportView report = await rig.Device.OutcomeAsync(await rig.Device.PushAsync(
            """{ "batch": { "maximumAge": "soon", "maximumReadings": -1 }, "i2c": [ { "bus": 1, "sensors": [ { "chip": "crystal ball", "series": "x" } ] } ], "wishes": {} }"""));
        return await rig.Device.CloseAsync(report is { Outcome: "rejected", Running: 0, Errors.Count: >= 4 }, ConfigDevice.Words(report));
    }

    private static async Task<CaseResult> RefusedAsync(string document)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        string said = await RefusalAsync(rig, document);
        return await rig.Device.CloseAsync(true, $"refused by push: {said}");
    }

    /// <param name="document">What it sends.</param>
    /// <param name="isTold">Whether the device has read enough of it to know what to tell about.</param>
    private static async Task<CaseResult> SmuggledAsync(string document, bool isTold)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ConfigDevice device = rig.Device;
        rig.Network.Cut();
        long number = await device.PushGoodAsync();
        await rig.SmuggleAsync(device.Name, Encoding.UTF8.GetBytes(document));
        long before = rig.Network.Downstream;
        rig.Network.Restore();
        if (isTold)
        {
            ReportView report = await device.OutcomeAsync(number);
            return await device.CloseAsync(report is { Outcome: "rejected", Running: 0 }, ConfigDevice.Words(report));
        }
        await device.WatchingAsync();
        CaseResult result = await device.CloseAsync(true, "");
        bool isUnread = rig.Network.Downstream - before < document.Length;
        return result with { IsRecovered = result.IsRecovered && isUnread, Detail = $"not taken, {rig.Network.Downstream - before} bytes of it read; a later revision is. {result.Detail}" };
    }

    private static bool IsReason(ReportView report, string word) => report.Errors[0].Message.StartsWith(word + ':', StringComparison.Ordinal);

    private static string Long() => $$"""{ "device": { "labels": { "long": "{{new string('x', TenMegabytes)}}" } } }""";
}
