using EdgeAgent.Protocol.V1;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

public sealed class UplinkChaosTests
{
    private static readonly StatusCode[] Transient =
        [StatusCode.Aborted, StatusCode.Unavailable, StatusCode.Internal, StatusCode.Unknown, StatusCode.ResourceExhausted, StatusCode.FailedPrecondition];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_the_service_fails_every_record_is_stored_once_or_explained_and_none_is_released_before(int seed)
    {
        const int Records = 300;
        var random = new Random(seed);
        var refused = new HashSet<ulong> { 17, 120, 121, 299 };
        await using var rig = new UplinkRig();
        rig.Options.SessionBytes = 600;
        rig.Options.BackoffFirst = TimeSpan.FromMilliseconds(1);
        rig.Options.BackoffLast = TimeSpan.FromMilliseconds(4);
        for (int i = 0; i < 2_000; i++)
        {
            rig.Cloud.Scripts.Enqueue(Script(random.Next(), refused));
        }
        await rig.StartAsync();
        rig.Run();

        for (int i = 0; i < Records / 10; i++)
        {
            await rig.AppendAsync(10);
            ulong released = rig.Live.Released;
            // The service's word came before the release.
            await rig.Cloud.WaitUntilAsync(cloud => Covered(cloud, released));
        }
        await UplinkRig.WaitForReleaseAsync(rig.Live, Records);

        Assert.Equal(refused, rig.Cloud.Gaps.Where(gap => gap.Cause == LossCause.Refused).Select(gap => gap.From).ToHashSet());
        Assert.All(rig.Cloud.Gaps, gap => Assert.Equal((gap.From, LossCause.Refused), (gap.To, gap.Cause)));
        Assert.Equal(
            Enumerable.Range(1, Records).Select(i => (ulong)i).Except(refused),
            rig.Cloud.Stored.Keys.Select(key => key.Sequence).Order());
        Assert.True(rig.Metrics.SessionsFailed.Value >= refused.Count);
        Assert.InRange(rig.Cloud.MostOpenSessions, 1, 6);
    }

    private static bool Covered(ScriptedCloud cloud, ulong through)
    {
        for (ulong sequence = 1; sequence <= through; sequence++)
        {
            if (!cloud.Stored.ContainsKey((Lane.Live, sequence)) && !cloud.Gaps.Any(gap => gap.From <= sequence && sequence <= gap.To))
            {
                return false;
            }
        }
        return true;
    }

    private static SessionScript Script(int seed, HashSet<ulong> refused)
    {
        var random = new Random(seed);
        StatusCode status = Transient[random.Next(Transient.Length)];
        int where = random.Next(8);
        return new SessionScript
        {
            OnOpen = where == 0 ? _ => throw SessionScript.Status(status) : null,
            OnRequest = (request, _) => request.Record is { } record && refused.Contains(record.Sequence)
                ? throw SessionScript.Status(
                    StatusCode.InvalidArgument, ("edge-refused-sequence", record.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                : where == 1 && random.Next(4) == 0 ? throw SessionScript.Status(status) : Task.CompletedTask,
            OnReceipt = where == 2 ? _ => throw SessionScript.Status(status) : null,
        };
    }
}
