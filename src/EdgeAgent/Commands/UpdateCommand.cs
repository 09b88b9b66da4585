using System.CommandLine;
using EdgeAgent.Batching;
using EdgeAgent.Updates;

namespace EdgeAgent.Commands;

/// <summary><c>edge-agent update</c>: brings another version of the program to this device, on trial.</summary>
internal static class UpdateCommand
{
    private const string Receipt = "receipt";
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "Install this update: its signature is checked, and it goes on trial.", HelpName = "FILE" };
        var rollback = new Option<bool>("--rollback") { Description = "Go back to the version before, out of a trial or from one that was kept." };
        var downgrade = new Option<bool>("--downgrade") { Description = "The update may be older than what runs." };
        var noRestart = new Option<bool>("--no-restart") { Description = "Only switch: there is no systemd here, and nobody judges the new version." };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for the end of the trial." };
        var proof = new Option<string>("--proof")
        {
            Description = "What the new version has to show: a receipt of the service, or only that it runs (for a device that reaches no service).",
            DefaultValueFactory = static _ => Receipt,
        };
        proof.AcceptOnlyFromAmong(Receipt, "running");
        Option<TimeSpan> timeout = UpdateOptions.Timeout();
        Option<string> root = UpdateOptions.Root();
        var config = new Option<string?>("--config", "-c") { Description = "The configuration file that the new version has to accept.", HelpName = "FILE" };
        var command = new Command("update", "Bring another version of the agent to this device, keep it when it proves itself, and go back when it does not.")
        {
            from, rollback, downgrade, noRestart, noWait, proof, timeout, config, root,
            UpdateStatusCommand.Create(), UpdateWaitCommand.Create(), UpdateJudgeCommand.Create(),
            UpdateSigningCommands.CreateKeygen(), UpdateSigningCommands.CreateManifest(), UpdateSigningCommands.CreateSign(),
        };
        command.SetAction((parsed, cancellationToken) => CommandOutcome.RunAsync(parsed, async () =>
        {
            var paths = new UpdatePaths(parsed.GetRequiredValue(root));
            bool isTried = !parsed.GetValue(noRestart);
            if (parsed.GetValue(rollback) == (parsed.GetValue(from) is not null))
            {
                return CommandOutcome.Fail(parsed, "Say either --from FILE or --rollback; edge-agent update status says what runs.");
            }
            if (parsed.GetValue(rollback))
            {
                return await RollBackAsync(parsed, paths, isTried, !parsed.GetValue(noWait), cancellationToken).ConfigureAwait(false);
            }
            var wish = new UpdateWish(
                parsed.GetValue(from)!, parsed.GetValue(config) ?? paths.Configuration, parsed.GetValue(downgrade), parsed.GetValue(timeout),
                parsed.GetValue(proof) == Receipt ? TrialProof.Receipt : TrialProof.Running);
            if (isTried)
            {
                await new Systemd().FindJudgeAsync(cancellationToken).ConfigureAwait(false);
            }
            Refusal? refusal = await new UpdateOrder(paths, TimeProvider.System, BootId.Current).PlaceAsync(wish, isTried, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                return CommandOutcome.Fail(parsed, refusal.Words);
            }
            if (!isTried)
            {
                parsed.InvocationConfiguration.Output.WriteLine(
                    "The new version runs with the next start of the agent. Nobody judges it: edge-agent update wait says whether it reaches the service, and update --rollback goes back.");
                return ExitCode.Success;
            }
            return await JudgeAsync(parsed, paths, !parsed.GetValue(noWait), wantsKept: true, cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    private static async Task<int> RollBackAsync(ParseResult parsed, UpdatePaths paths, bool mayRestart, bool isWaiting, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        switch (new UpdateRollback(paths, TimeProvider.System).Run(isJudged: mayRestart))
        {
            case RollbackOutcome.Nothing:
                return CommandOutcome.Fail(parsed, "The package's program runs: there is nothing to go back to.");
            case RollbackOutcome.Busy:
                return CommandOutcome.Fail(parsed, "Another process changes the versions at this moment. Try again.");
            case RollbackOutcome.Told:
                return await JudgeAsync(parsed, paths, isWaiting, wantsKept: false, cancellationToken).ConfigureAwait(false);
            default:
                output.WriteLine(new UpdateStore(paths).Outcome);
                if (mayRestart)
                {
                    await new Systemd().RestartAgentAsync(cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    output.WriteLine("It runs with the next start of the agent.");
                }
                return ExitCode.Success;
        }
    }

    /// <summary>The judge goes on whatever becomes of this process, which only looks on.</summary>
    private static async Task<int> JudgeAsync(ParseResult parsed, UpdatePaths paths, bool isWaiting, bool wantsKept, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        var store = new UpdateStore(paths);
        await new Systemd().StartJudgeAsync(cancellationToken).ConfigureAwait(false);
        if (!isWaiting)
        {
            output.WriteLine("It is ordered. edge-agent update status says how it goes.");
            return ExitCode.Success;
        }
        output.WriteLine("The judge has been started. It goes on if this command is ended; edge-agent update status says how it goes.");
        while (store.Trial is not null)
        {
            await Task.Delay(LookInterval, cancellationToken).ConfigureAwait(false);
        }
        UpdateOutcome? outcome = store.Outcome;
        output.WriteLine(outcome);
        return outcome?.IsKept == wantsKept ? ExitCode.Success : ExitCode.Failure;
    }
}
