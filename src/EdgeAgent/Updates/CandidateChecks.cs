using System.Globalization;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Updates;

/// <summary>A program that is complete on the disk is asked whether it runs here, before anything is switched to it. It runs as the agent's user, never as root.</summary>
internal static class CandidateChecks
{
    private const string Nobody = "nobody";

    /// <param name="program">Its path.</param>
    /// <param name="expected">What was signed.</param>
    /// <param name="paths">Where it would run.</param>
    /// <param name="configuration">The device's own file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Refusal?> RunAsync(
        string program, ReleaseVersion expected, UpdatePaths paths, string configuration, CancellationToken cancellationToken)
    {
        string? user = Environment.IsPrivilegedProcess ? UserIn(paths) : null;
        ProgramResult answer = await ProgramRun.RunAsync(program, ["version"], InstalledProgram.AnswerLimit, user, cancellationToken).ConfigureAwait(false);
        if (InstalledProgram.VersionIn(answer) is not { } version)
        {
            return new Refusal(RefusalCause.DoesNotStart, $"Version {expected} does not start on this machine: {answer.FirstLine}");
        }
        if (version != expected)
        {
            return new Refusal(RefusalCause.DoesNotStart, $"The program calls itself {version}, and was signed as {expected}.");
        }
        if (!File.Exists(configuration))
        {
            return null;
        }
        string[] own = ["config", "check", "--config", configuration];
        string[][] questions = RevisionOver(configuration) is { } revision ? [own, ["config", "validate", "--config", configuration, revision]] : [own];
        foreach (string[] question in questions)
        {
            answer = await ProgramRun.RunAsync(program, question, InstalledProgram.AnswerLimit, user, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess)
            {
                return new Refusal(
                    RefusalCause.ConfigurationRefused,
                    string.Create(CultureInfo.InvariantCulture, $"Version {expected} does not accept the configuration ({string.Join(' ', question)}):\n{answer.Output.Trim()}"));
            }
        }
        return null;
    }

    /// <summary>The document of the revision that is in force; null where there is none, or where the present program cannot say.</summary>
    private static string? RevisionOver(string configuration)
    {
        if (!OwnFile.TryRead(configuration, out OwnFile own, out _) || !Layered.TryRead(own, out Layered? alone, out _))
        {
            return null;
        }
        string folder = RevisionStore.FolderIn(alone.Configuration.Device.StateFolder);
        RevisionHeader running = RevisionStateFile.Read(folder).Running;
        return running.IsNone ? null : RevisionStore.DocumentPath(folder, running);
    }

    /// <summary>The package makes the agent's user; where it is missing, nobody who owns anything.</summary>
    private static string UserIn(UpdatePaths paths) =>
        File.Exists(paths.Users) && File.ReadLines(paths.Users).Any(static line => line.StartsWith($"{UpdatePaths.ProgramName}:", StringComparison.Ordinal))
            ? UpdatePaths.ProgramName
            : Nobody;
}
