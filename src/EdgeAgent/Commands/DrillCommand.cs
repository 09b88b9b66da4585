using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Drills;
using EdgeAgent.Sensors.Host;
using EdgeAgent.Spooling;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent drill</c>: rehearses on the device itself what it is built for, in a sandbox, with a verdict and a count of what was lost.</summary>
internal static class DrillCommand
{
    private const int MostSeconds = 600, MostRounds = 1_000;

    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var kind = new Argument<string>("KIND") { Description = "outage, powercut, diskfull or clock." };
        kind.AcceptOnlyFromAmong([.. Enum.GetNames<DrillKind>().Select(static name => name.ToLowerInvariant())]);
        var folder = new Option<string?>("--folder") { Description = "Where the sandbox is made. Default: the state folder of the configuration.", HelpName = "FOLDER" };
        var seconds = new Option<int>("--seconds") { Description = "How long there is load; of a power cut the rounds say it.", HelpName = "N", DefaultValueFactory = static _ => 12 };
        var rounds = new Option<int>("--rounds") { Description = "How often the power is cut.", HelpName = "N", DefaultValueFactory = static _ => 5 };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("drill", "Rehearse an outage, power cuts, a full disk or a wrong clock, in a sandbox. The agent may be running.") { kind, file, folder, seconds, rounds, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!ConfigurationOption.TryReadIfThere(parsed, file, out AgentConfiguration? configuration))
            {
                return ExitCode.Configuration;
            }
            if (parsed.GetValue(seconds) is < 1 or > MostSeconds || parsed.GetValue(rounds) is < 1 or > MostRounds)
            {
                return CommandOutcome.Fail(parsed, $"Give --seconds from 1 to {MostSeconds} and --rounds from 1 to {MostRounds}.");
            }
            string parent = parsed.GetValue(folder) ?? configuration?.Device.StateFolder ?? new DeviceOptions().StateFolder;
            if (FileSystem.TryRead(parent) is not { } disk)
            {
                return CommandOutcome.Fail(parsed, $"There is no folder {parent}. Name one with --folder, on the disk that the spool is on.");
            }
            if (disk.Available < DrillSizes.Needed)
            {
                return CommandOutcome.Fail(parsed, $"A drill needs {Amount.Of((long)DrillSizes.Needed)} of free space at {parent}, and {Amount.Of((long)disk.Available)} are there.");
            }
            var plan = new DrillPlan(
                Enum.Parse<DrillKind>(parsed.GetRequiredValue(kind), ignoreCase: true), parent, TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds),
                configuration?.Spool.Durability ?? SpoolDurability.Always);
            return await CommandOutcome.RunAsync(parsed, async () =>
            {
                DrillReport report = await Drill.RunAsync(plan, DrillProgram.Current(), TimeProvider.System, cancellationToken).ConfigureAwait(false);
                TextWriter output = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    output.WriteLine(report.ToJson());
                }
                else
                {
                    report.Print(output);
                }
                return report.IsGood ? ExitCode.Success : ExitCode.Failure;
            }).ConfigureAwait(false);
        });
        return command;
    }
}
