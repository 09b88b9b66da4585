using System.CommandLine;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent update status</c>: which version runs, which is on trial, and how the last trial ended.</summary>
internal static class UpdateStatusCommand
{
    public static Command Create()
    {
        Option<string> root = UpdateOptions.Root();
        var command = new Command("status", "Show which version runs, which one is on trial, and how the last trial ended.") { root };
        command.SetAction((parsed, cancellationToken) => CommandOutcome.RunAsync(parsed, async () =>
        {
            var paths = new UpdatePaths(parsed.GetRequiredValue(root));
            var store = new UpdateStore(paths);
            TextWriter output = parsed.InvocationConfiguration.Output;
            InstalledProgram? installed = await InstalledProgram.FindAsync(paths, cancellationToken).ConfigureAwait(false);
            output.WriteLine($"installed   {Words(installed)}");
            output.WriteLine($"before it   {Before(paths, installed)}");
            output.WriteLine($"on trial    {Words(store.Trial)}");
            output.WriteLine($"last trial  {Words(store.Outcome)}");
            return installed is null ? ExitCode.Failure : ExitCode.Success;
        }));
        return command;
    }

    private static string Words(InstalledProgram? installed) => installed is null ? "nothing that says its version"
        : $"{installed.Version}, {(installed.IsPackage ? "of the package" : "by an update")}";

    private static string Before(UpdatePaths paths, InstalledProgram? installed) => installed is not { IsPackage: false } ? "nothing to go back to"
        : InstalledProgram.VersionAt(paths.Previous) is { } previous ? $"{previous} (update --rollback)" : "the package's program (update --rollback)";

    private static string Words(UpdateTrial? trial) => trial is null ? "nothing"
        : trial.Phase switch
        {
            TrialPhase.Ordered => $"{trial.To}, which is to be switched to from {trial.From}",
            TrialPhase.Watching => $"{trial.To}, which has {trial.LimitSeconds} s to prove itself; else back to {trial.From}",
            _ => $"{trial.To}, which is being left for {trial.From}: {trial.Reason}",
        };

    private static string Words(UpdateOutcome? outcome) => outcome is null ? "none" : $"{outcome} ({outcome.At.ToUniversalTime():yyyy-MM-dd HH:mm} UTC)";
}
