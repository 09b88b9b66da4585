namespace EdgeAgent.Doctor.Drills;

/// <summary>The cloud cannot be reached. The agent is killed in the middle of that, started again, stopped in order and started again.</summary>
internal static class OutageDrill
{
    public static async Task<IReadOnlyList<string>> RunAsync(Rehearsal rehearsal, TimeSpan length, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (bool isKilled in (bool[])[true, false, false])
        {
            await rehearsal.LiveAsync(_ => Task.Delay(length / 3, time, cancellationToken), DrillLoad.Messages, isKilled, cancellationToken).ConfigureAwait(false);
        }
        return
        [
            "The cloud was out of reach all the time; the agent was killed once and restarted in order once.",
            "What it has acknowledged was compared by number and content with its spool. Nothing was sent to the real cloud: that all of it is delivered once the cloud is back is not rehearsed here.",
        ];
    }
}
