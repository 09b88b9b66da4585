using System.Globalization;

namespace EdgeAgent.Updates;

/// <summary>Has systemd do things, by its own program.</summary>
/// <param name="program">A path, or a name on the PATH.</param>
internal sealed class Systemd(string program = "systemctl")
{
    private const string Agent = "edge-agent.service", Judge = "edge-agent-update.service";

    /// <summary>systemd answers at once; 30 s are a board that is busy.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <summary>Starts what the unit names now. Does not wait until it has started.</summary>
    /// <exception cref="IOException">systemd does not do it.</exception>
    public async Task RestartAgentAsync(CancellationToken cancellationToken)
    {
        await DoAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
        // One that has given up is started all the same, and is counted from nothing.
        await ProgramRun.RunAsync(program, ["reset-failed", Agent], AnswerLimit, user: null, cancellationToken).ConfigureAwait(false);
        await DoAsync(["restart", "--no-block", Agent], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether there is a judge, before anything is left to it.</summary>
    /// <exception cref="IOException">There is no systemd, or it does not know the unit.</exception>
    public Task FindJudgeAsync(CancellationToken cancellationToken) => DoAsync(["cat", Judge], cancellationToken);

    /// <exception cref="IOException">systemd does not do it.</exception>
    public Task StartJudgeAsync(CancellationToken cancellationToken) => DoAsync(["start", "--no-block", Judge], cancellationToken);

    /// <summary>How often the agent was started again without anybody having asked; 0 where that is not known.</summary>
    public async Task<int> RestartsAsync(CancellationToken cancellationToken)
    {
        ProgramResult answer = await ProgramRun.RunAsync(program, ["show", "--property=NRestarts", "--value", Agent], AnswerLimit, user: null, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess && int.TryParse(answer.Output.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int restarts) ? restarts : 0;
    }

    private async Task DoAsync(string[] arguments, CancellationToken cancellationToken)
    {
        ProgramResult answer = await ProgramRun.RunAsync(program, arguments, AnswerLimit, user: null, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new IOException($"{program} {string.Join(' ', arguments)} failed: {answer.FirstLine}. Where there is no systemd, use --no-restart.");
        }
    }
}
