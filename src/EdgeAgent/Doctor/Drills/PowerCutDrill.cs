using System.Security.Cryptography;

namespace EdgeAgent.Doctor.Drills;

/// <summary>The agent is killed with SIGKILL under load at moments that nobody chooses, and started again.</summary>
internal static class PowerCutDrill
{
    /// <summary>Of each life after its first acknowledgement: from the middle of the first batches to many commits later.</summary>
    private const int ShortestMilliseconds = 50, LongestMilliseconds = 1_500;

    public static async Task<IReadOnlyList<string>> RunAsync(Rehearsal rehearsal, int rounds, TimeProvider time, CancellationToken cancellationToken)
    {
        for (int round = 0; round < rounds; round++)
        {
            var life = TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(ShortestMilliseconds, LongestMilliseconds));
            await rehearsal.LiveAsync(publisher => UntilAsync(publisher, life, time, cancellationToken), DrillLoad.Messages, isKilled: true, cancellationToken).ConfigureAwait(false);
        }
        // Recovery, as after the last power cut, and an end in order.
        await rehearsal.LiveAsync(publisher => UntilAsync(publisher, TimeSpan.Zero, time, cancellationToken), DrillLoad.Messages, isKilled: false, cancellationToken).ConfigureAwait(false);
        return
        [
            $"The agent was killed {rounds} times under load and came back by itself each time.",
            "A kill takes from the agent what a power cut takes, except what the disk itself keeps in its cache: whether this disk keeps what it has synced only pulling the plug shows.",
        ];
    }

    private static async Task UntilAsync(DrillPublisher publisher, TimeSpan life, TimeProvider time, CancellationToken cancellationToken)
    {
        while (publisher.Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken).ConfigureAwait(false);
        }
        await Task.Delay(life, time, cancellationToken).ConfigureAwait(false);
    }
}
