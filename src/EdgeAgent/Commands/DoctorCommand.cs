using System.CommandLine;
using EdgeAgent.Configuration;
using EdgeAgent.Diagnostics;
using EdgeAgent.Doctor;
using EdgeAgent.Doctor.Bundle;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent doctor</c>: looks at everything that readings depend on, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string> file = ConfigurationOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var only = new Option<string?>("--only") { Description = "The checks to run, by their names, separated by commas. Default: all.", HelpName = "CHECKS" };
        var bundle = new Option<string?>("--bundle") { Description = "Write a support archive without secrets: this report, the configuration, spool, log, unit, system.", HelpName = "FILE.tar.gz" };
        var command = new Command("doctor", "Look at everything that readings depend on, and say what to do. The agent may be running.") { file, json, only, bundle };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ExaminedDevice device = Examine(parsed.GetRequiredValue(file));
            IReadOnlyList<IDoctorCheck> checks = DoctorChecks.Of(device);
            if (parsed.GetValue(only) is { } words)
            {
                string[] wanted = words.Split(',', StringSplitOptions.TrimEntries);
                if (wanted.FirstOrDefault(word => checks.All(check => check.Name != word)) is { } unknown)
                {
                    return CommandOutcome.Fail(parsed, $"\"{unknown}\" is no check. Choose from {string.Join(",", checks.Select(check => check.Name))}.");
                }
                checks = [.. checks.Where(check => wanted.Contains(check.Name))];
            }
            IReadOnlyList<CheckReport> reports = await new Checkup(checks, TimeProvider.System).RunAsync(cancellationToken).ConfigureAwait(false);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(DoctorOutput.ToJson(reports, AgentVersion.Value));
            }
            else
            {
                DoctorOutput.Print(output, reports, isColoured: !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
            }
            int verdict = DoctorOutput.Worst(reports) == Verdict.Fail ? ExitCode.Failure : ExitCode.Success;
            return parsed.GetValue(bundle) is not { } archive ? verdict : await CommandOutcome.RunAsync(parsed, async () =>
            {
                await SupportBundle.WriteAsync(archive, device, reports, cancellationToken).ConfigureAwait(false);
                // Not on standard output, where there may be JSON.
                parsed.InvocationConfiguration.Error.WriteLine($"{archive} holds no secrets; look into it before you send it: tar -xzf {archive}");
                return verdict;
            }).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>What is in force: the device's own file, and the revision over it. A wrong one keeps nobody from looking at the rest.</summary>
    private static ExaminedDevice Examine(string file)
    {
        if (!OwnFile.TryRead(file, out OwnFile own, out IReadOnlyList<ConfigError> errors) || !Layered.TryRead(own, out Layered? alone, out errors))
        {
            ConfigNode? document = own.Content.IsEmpty ? null : ConfigDocument.Read(own.Content.Span, new ConfigErrors(""));
            return new ExaminedDevice(file, null, errors) { Document = document };
        }
        try
        {
            string folder = RevisionStore.FolderIn(alone.Configuration.Device.StateFolder);
            var layers = new ConfigLayers(own, alone, folder, RevisionStateFile.Read(folder));
            Layered running = layers.Running();
            return new ExaminedDevice(file, running.Configuration, []) { Document = running.Merged, Revisions = layers.State };
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The agent goes on with its own file where a revision cannot be read; so does the doctor.
            return new ExaminedDevice(file, alone.Configuration, []) { Document = alone.Merged };
        }
    }
}
