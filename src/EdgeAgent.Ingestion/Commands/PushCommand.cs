using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Web.Admin;

namespace EdgeAgent.Ingestion.Commands;

/// <summary>edge-ingestion config push: a new version of a layer, to all devices at once or to a few first.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What is to be laid over the devices' own files: a JSON object, comments allowed." };
        var fleet = new Option<bool>("--fleet") { Description = "For all devices." };
        var group = new Option<string?>("--group") { Description = "For the devices of a group." };
        var device = new Option<string?>("--device") { Description = "For one device." };
        var rollout = new Option<string?>("--rollout") { Description = "To so many devices first: a number, or a percentage such as 10%." };
        var then = new Option<string?>("--then") { Description = "The stages after that, such as 50%,100%. The last one is always 100%." };
        var after = new Option<string?>("--after") { Description = "How long after a stage is proven the next one begins, such as 30m. Without it: by hand." };
        var stopAt = new Option<string?>("--stop-at")
        {
            Description = $"Stop by itself when more of those that answered have rejected or reverted it. Default {PushRequest.DefaultStopAt:P0}.",
        };
        var trial = new Option<string?>("--trial") { Description = "How long it may take to prove itself on a device. Default: what the device says." };
        var bootstrap = new Option<bool>("--bootstrap") { Description = "It is meant to change where the cloud is." };
        var again = new Option<bool>("--again") { Description = "Send it to devices too that have rejected or reverted it before." };
        var message = new Option<string?>("--message", "-m") { Description = "Why; for people." };
        var command = new Command("push", "Makes a new version of a layer.")
        {
            file, fleet, group, device, rollout, then, after, stopAt, trial, bootstrap, again, message,
        };
        command.Validators.Add(result =>
        {
            if (((bool[])[result.GetValue(fleet), result.GetValue(group) is not null, result.GetValue(device) is not null]).Count(each => each) != 1)
            {
                result.AddError("Say for whom it is: one of --fleet, --group NAME and --device NAME.");
            }
            if (result.GetValue(rollout) is null && (result.GetValue(then) ?? result.GetValue(after) ?? result.GetValue(stopAt)) is not null)
            {
                result.AddError("--then, --after and --stop-at are about a rollout in stages: say with --rollout whom it reaches first.");
            }
            CheckDuration(result, after);
            CheckDuration(result, trial);
            if (result.GetValue(stopAt) is { } limit && !TryParsePercent(limit, out _))
            {
                result.AddError($"--stop-at \"{limit}\" is not a percentage such as 20%.");
            }
        });
        return command.Does(async (parsed, client, stop) =>
        {
            Layer layer = parsed.GetValue(group) is { } name ? Layer.OfGroup(name)
                : parsed.GetValue(device) is { } one ? Layer.OfDevice(one) : Layer.Fleet;
            string? stages = parsed.GetValue(rollout) is { } first ? string.Join(',', (string?[])[first, parsed.GetValue(then) ?? "100%"]) : null;
            double limit = TryParsePercent(parsed.GetValue(stopAt), out double percent) ? percent : PushRequest.DefaultStopAt;
            var request = new PushRequest(
                layer.ToString(), await File.ReadAllTextAsync(parsed.GetRequiredValue(file), stop), parsed.GetValue(message), parsed.GetValue(bootstrap),
                parsed.GetValue(again), Seconds(parsed.GetValue(trial)), stages, Seconds(parsed.GetValue(after)), limit);
            RolloutView answer = await client.PostAsync("config/push", request, ConfigJson.Default.PushRequest, ConfigJson.Default.RolloutView, stop);
            AdminAction.Print(parsed, answer, ConfigJson.Default.RolloutView, static answer =>
                [$"Version {answer.Version} of {answer.Layer}.", .. RolloutCommand.Lines([answer])]);
        });
    }

    private static void CheckDuration(CommandResult result, Option<string?> option)
    {
        if (result.GetValue(option) is { } text && !TryParseDuration(text, out _))
        {
            result.AddError($"{option.Name} \"{text}\" is not a time. Write a number and its unit (s, m, h, d), such as 30m.");
        }
    }

    private static long Seconds(string? duration) => TryParseDuration(duration, out TimeSpan time) ? (long)time.TotalSeconds : 0;

    /// <summary>As the service's configuration, and m for minutes, as the agent's has it.</summary>
    private static bool TryParseDuration(string? text, out TimeSpan duration) =>
        DurationConverter.TryParse(text, out duration) || DurationConverter.TryParse(text + "in", out duration);

    private static bool TryParsePercent(string? text, out double part)
    {
        bool isNumber = double.TryParse(text?.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent);
        part = percent / 100;
        return isNumber && text!.EndsWith('%') && percent <= 100;
    }
}
