using System.CommandLine;
using System.Globalization;
using EdgeAgent.Batching;
using EdgeAgent.Spooling;
using EdgeAgent.Spooling.Inspection;

namespace EdgeAgent.Commands;

/// <summary>
/// <c>edge-agent spool repair</c>: what the agent does at each start, without the agent. It needs the spool for itself.
/// </summary>
internal static class SpoolRepairCommand
{
    public static Command Create()
    {
        var path = new SpoolPath();
        var dropQuarantine = new Option<bool>("--drop-quarantine") { Description = "Delete the files that made no sense and were set aside." };
        var command = new Command("repair", "Repair the buffer as the agent does when it starts. The agent must be stopped.") { dropQuarantine };
        path.AddTo(command);
        command.SetAction(parsed => path.Run(parsed, (folder, options) =>
        {
            try
            {
                Repair(parsed.InvocationConfiguration.Output, folder, options, parsed.GetValue(dropQuarantine)).GetAwaiter().GetResult();
                return ExitCode.Success;
            }
            catch (SpoolInUseException)
            {
                return CommandOutcome.Fail(
                    parsed,
                    $"The spool in {folder} is in use. A running agent has repaired it when it started; to repair it again stop the agent first (systemctl stop edge-agent).");
            }
        }));
        return command;
    }

    private static async Task Repair(TextWriter output, string folder, SpoolOptions? options, bool dropQuarantine)
    {
        StepDown.ToOwnerOf(folder);
        using (SpoolView.Open(folder))
        {
            // Only to see that there is one: opening would make it.
        }
        await using Spool spool = Spool.Open(options ?? FoundOptions.Of(Path.GetFullPath(folder)), TimeProvider.System, BootId.Current);
        output.WriteLine($"Spool {spool.Id} in {Path.GetFullPath(folder)}: {spool.Recovery}.");
        string quarantine = Path.Combine(folder, "quarantine");
        if (dropQuarantine && Directory.Exists(quarantine))
        {
            string[] files = Directory.GetFiles(quarantine);
            Array.ForEach(files, File.Delete);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Length} files were deleted from the quarantine."));
        }
    }
}
