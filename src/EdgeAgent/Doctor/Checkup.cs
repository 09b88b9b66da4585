using EdgeAgent.Configuration;

namespace EdgeAgent.Doctor;

/// <summary>What one check found.</summary>
internal sealed record CheckReport(string Check, IReadOnlyList<Diagnosis> Diagnoses);

/// <summary>Runs all checks side by side, each within its time, so that what hangs holds up nothing else and is told as hanging.</summary>
internal sealed class Checkup(IReadOnlyList<IDoctorCheck> checks, TimeProvider time)
{
    /// <summary>Two endpoints that answer nothing, at 30 s each for the way; on a slow board the code has to be compiled, too.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <returns>In the order of the checks.</returns>
    public async Task<IReadOnlyList<CheckReport>> RunAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(checks.Select(check => RunAsync(check, cancellationToken))).ConfigureAwait(false);

    private async Task<CheckReport> RunAsync(IDoctorCheck check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // On a thread of its own, as most of them read files: one on a dead network share never comes back.
            Task<IReadOnlyList<Diagnosis>> running = Task.Run(() => check.RunAsync(either.Token), CancellationToken.None);
            return new CheckReport(check.Name, await running.WaitAsync(either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Of(Diagnosis.Fail("", $"It was not done within {Duration.Format(Deadline)}.", "Look at what it asks: a disk, a bus or a resolver that hangs."));
        }
        catch (UnauthorizedAccessException denied)
        {
            return Of(Diagnosis.NeedsSudo("", denied.Message));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A check that breaks must not keep the others from being read.
            return Of(Diagnosis.Fail("", $"It could not be looked at: {failure.Message}", "Send a bundle (edge-agent doctor --bundle FILE.tar.gz) to whoever looks after the agent."));
        }

        CheckReport Of(Diagnosis diagnosis) => new(check.Name, [diagnosis]);
    }
}
