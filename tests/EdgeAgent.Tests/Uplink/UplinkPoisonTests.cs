using EdgeAgent.Protocol.V1;
using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Uplink;
using Grpc.Core;
using LossCause = EdgeAgent.Protocol.V1.LossCause;

namespace EdgeAgent.Tests.Uplink;

/// <summary>Services, and proxies before them, that refuse what they get and do not say which record they mean.</summary>
public sealed class UplinkPoisonTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_one_record_that_is_refused_without_a_word_is_found_set_aside_kept_for_a_person_and_explained()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = Rejecting(request => request.Record?.Sequence == 37);
        await rig.AppendAsync(100);
        byte[] poison = Payload(rig.Live, 37);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        Gap gap = Assert.Single(rig.Cloud.Gaps);
        Assert.Equal((37ul, 37ul, 1ul, LossCause.Refused), (gap.From, gap.To, gap.Readings, gap.Cause));
        Assert.Equal(99, rig.Cloud.Stored.Count);
        // 64 records behind the watermark: six halvings, the comparison, and the sessions around them.
        Assert.InRange(rig.Cloud.Sessions.Count, 3, 16);
        string kept = Assert.Single(Directory.GetFiles(Path.Combine(rig.SpoolOptions.Path, "quarantine"), "*live-0000000000000025.refused"));
        Assert.Equal(poison, await File.ReadAllBytesAsync(kept));
    }

    [Fact]
    public async Task Several_in_one_session_are_found_one_after_another()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = Rejecting(request => request.Record?.Sequence is 1 or 50 or 51 or 100);
        await rig.AppendAsync(100);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        Assert.Equal(new ulong[] { 1, 50, 51, 100 }, rig.Cloud.Gaps.Select(gap => gap.From).Distinct().Order());
        Assert.Equal(96, rig.Cloud.Stored.Count);
    }

    [Fact]
    public async Task A_service_that_rejects_everything_an_empty_session_too_costs_nothing()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = new SessionScript
        {
            OnRequest = (_, _) => throw SessionScript.Status(StatusCode.InvalidArgument),
            OnReceipt = _ => throw SessionScript.Status(StatusCode.InvalidArgument),
        };
        await rig.AppendAsync(100);
        rig.Run();
        await Eventually.TrueAsync(() => rig.Metrics.SessionsFailed.Value >= 20, Patience, "it was asked again and again");
        // Once the suspect is found, it is one record and one empty session each time.
        Assert.All(rig.Cloud.Sessions.Skip(10), session => Assert.InRange(session.Records.Count, 0, 1));

        rig.Cloud.Otherwise = new SessionScript();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        rig.AssertAllStored(100);
        Assert.Empty(rig.Cloud.Gaps);
    }

    [Fact]
    public async Task A_service_that_takes_sessions_but_no_record_costs_a_few_and_then_nothing_more()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = Rejecting(static request => request.Record is not null);
        await rig.AppendAsync(100);
        Uploader uploader = rig.Run();
        await Eventually.TrueAsync(() => rig.Metrics.SessionsFailed.Value >= 40, Patience, "it was asked again and again");
        Assert.Equal(SetAsideLimit.UnnamedInARow, rig.Metrics.RecordsRefused.Value);
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Refused);

        rig.Cloud.Otherwise = new SessionScript();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 100);

        Assert.Equal(100 - SetAsideLimit.UnnamedInARow, rig.Cloud.Stored.Count);
    }

    [Fact]
    public async Task A_service_that_names_every_record_is_broken_and_gets_no_more_of_them_than_a_day_allows()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = new SessionScript
        {
            OnRequest = (request, _) => request.Record is { } record
                ? throw SessionScript.Status(
                    StatusCode.InvalidArgument, ("edge-refused-sequence", record.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                : Task.CompletedTask,
        };
        await rig.AppendAsync(SetAsideLimit.RecordsPerDay + 20);
        Uploader uploader = rig.Run();
        await Eventually.TrueAsync(() => rig.Metrics.SessionsFailed.Value >= SetAsideLimit.RecordsPerDay + 5, Patience, "it was asked beyond the limit");
        await UplinkRig.WaitForStateAsync(uploader, UploadState.Refused);

        Assert.Equal(SetAsideLimit.RecordsPerDay, rig.Metrics.RecordsRefused.Value);
        Assert.Equal((ulong)SetAsideLimit.RecordsPerDay, rig.Live.Released);
    }

    [Fact]
    public async Task A_record_that_is_too_large_for_the_service_is_told_from_load_because_smaller_ones_pass()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = Exhausted(request => request.CalculateSize() > 100_000);
        await rig.AppendAsync(5);
        await rig.AppendAsync(1, readings: 19_000);
        await rig.AppendAsync(5);
        rig.Run();

        await UplinkRig.WaitForReleaseAsync(rig.Live, 11);

        Assert.Equal((6ul, 6ul), (rig.Cloud.Gaps.First().From, rig.Cloud.Gaps.Last().To));
        Assert.Equal(10, rig.Cloud.Stored.Count);
        Assert.Equal(1, rig.Metrics.RecordsRefused.Value);
        // Three times before it is looked for, and three times alone.
        Assert.InRange(rig.Metrics.SessionsFailed.Value, 6, 12);
    }

    [Fact]
    public async Task Load_that_turns_everything_away_for_long_sets_nothing_aside()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = Exhausted(static _ => true);
        await rig.AppendAsync(10, readings: 1_000);
        rig.Run();
        await Eventually.TrueAsync(() => rig.Metrics.SessionsFailed.Value >= 20, Patience, "it was asked again and again");

        rig.Cloud.Otherwise = new SessionScript();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 10);

        rig.AssertAllStored(10);
        Assert.Empty(rig.Cloud.Gaps);
    }

    [Fact]
    public async Task A_large_record_that_load_turned_away_is_sent_when_the_load_is_over()
    {
        await using UplinkRig rig = await new UplinkRig().StartAsync();
        rig.Cloud.Otherwise = new SessionScript
        {
            OnRequest = (_, _) => throw SessionScript.Status(StatusCode.ResourceExhausted, ("edge-retry-after-ms", "1")),
        };
        await rig.AppendAsync(1, readings: 19_000);
        rig.Run();
        await Eventually.TrueAsync(() => rig.Metrics.SessionsFailed.Value >= 20, Patience, "it was asked again and again");

        rig.Cloud.Otherwise = new SessionScript();
        await UplinkRig.WaitForReleaseAsync(rig.Live, 1);

        rig.AssertAllStored(1);
    }

    private static SessionScript Rejecting(Func<UploadRequest, bool> isPoison) => Failing(StatusCode.InvalidArgument, isPoison);

    private static SessionScript Exhausted(Func<UploadRequest, bool> isTooMuch) => Failing(StatusCode.ResourceExhausted, isTooMuch);

    private static SessionScript Failing(StatusCode status, Func<UploadRequest, bool> fails) => new()
    {
        OnRequest = (request, _) => fails(request) ? throw SessionScript.Status(status) : Task.CompletedTask,
    };

    private static byte[] Payload(SpoolQueue queue, ulong sequence)
    {
        using SpoolReader reader = queue.OpenReader(sequence);
        Assert.Equal(ReadResult.Record, reader.Read(out SpoolRecord record));
        return record.Payload.ToArray();
    }
}
