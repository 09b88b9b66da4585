using System.CommandLine;
using System.Globalization;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion rollout list|show|continue|stop|withdraw: how what was pushed reaches devices.</summary>
internal static class RolloutCommand
{
    public static Command Create() => AdminClient.WithOptions(new Command("rollout", "How what was pushed reaches devices.")
    {
        AdminAction.Json, List(), Show(),
        Move("continue", "Goes on to the next stage now, whoever is missing or has given it up."),
        Move("stop", "Reaches nobody else. Who has it keeps it."),
        Move("withdraw", "Sets the layer back to what it was before, for all devices at once, as a new version."),
    });

    /// <summary>For people.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<RolloutView> rollouts) => TextTable.Lines(
    [
        ["ROLLOUT", "LAYER", "STATE", "STAGE", "DEVICES", "SENT", "APPLIED", "GIVEN UP", "STARTED", "AUTHOR", "WHY"],
        .. rollouts.Select(rollout => (string[])[
            Number(rollout.Number), $"{rollout.Layer}@{Number(rollout.Version)}", rollout.State,
            $"{rollout.Stages[rollout.Stage - 1]} of {string.Join(',', rollout.Stages)}",
            Number(rollout.Devices), Number(rollout.Reached), Number(rollout.Applied), Number(rollout.GivenUp), rollout.Started, rollout.Author,
            rollout.NextStageAt is { } next ? $"next stage {next}" : rollout.Reason]),
    ]);

    private static Command List() => new Command("list", "Shows the last ones, the newest first.").Does(async (parsed, client, stop) =>
        AdminAction.Print(
            parsed, await client.GetAsync("config/rollouts", ConfigJson.Default.RolloutsAnswer, stop), ConfigJson.Default.RolloutsAnswer,
            static answer => Lines(answer.Rollouts)));

    private static Command Show()
    {
        var number = new Argument<long>("NUMBER");
        return new Command("show", "Shows one, and how far each of its devices is.") { number }.Does(async (parsed, client, stop) =>
            AdminAction.Print(
                parsed, await client.GetAsync($"config/rollouts/{parsed.GetValue(number)}", ConfigJson.Default.RolloutDetailView, stop),
                ConfigJson.Default.RolloutDetailView, static answer =>
                [
                    .. Lines([answer.Rollout]),
                    .. TextTable.Lines(
                    [
                        ["DEVICE", "STAGE", "SENT", "OUTCOME"],
                        .. answer.Devices.Select(device => (string[])[device.Device, Number(device.Stage), device.Sent ?? "-", device.Outcome ?? "-"]),
                    ]),
                ]));
    }

    private static Command Move(string name, string description)
    {
        var number = new Argument<long>("NUMBER");
        return new Command(name, description) { number }.Does(async (parsed, client, stop) =>
            AdminAction.Print(
                parsed,
                await client.PostAsync(
                    $"config/rollouts/{parsed.GetValue(number)}/{name}", new EmptyRequest(), ConfigJson.Default.EmptyRequest, ConfigJson.Default.RolloutView, stop),
                ConfigJson.Default.RolloutView, static answer => Lines([answer])));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
