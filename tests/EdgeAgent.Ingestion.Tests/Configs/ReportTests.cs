using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class ReportTests : IAsyncDisposable
{
    private readonly ConfigDesk _desk = new(keptReports: 5);

    [Fact]
    public void A_report_that_comes_again_is_one_report()
    {
        _desk.Push(Layer.OfDevice("one"), """{"a":1}""");
        byte[] hash = _desk.Desired("one").Hash;
        for (int i = 0; i < 3; i++)
        {
            _desk.Report("one", 1, hash, ConfigOutcome.OnTrial, 1, at: 10);
        }
        _desk.Report("one", 1, hash, ConfigOutcome.Applied, 1, at: 20);

        Assert.Equal([ConfigOutcome.Applied, ConfigOutcome.OnTrial], _desk.Reports("one").Select(report => report.Outcome));
        Assert.Equal(1, _desk.Desired("one").HeldNumber);
        Assert.Equal(DeviceConfigState.Applied, DeviceConfigStates.Of(_desk.Desired("one"), _desk.Reports("one")[0]));
    }

    [Fact]
    public void What_a_device_says_is_kept_in_bounds()
    {
        byte[] hash = new byte[32];
        _desk.Report("one", 7, hash, ConfigOutcome.Rejected, 0, at: 1, Enumerable.Range(0, 1_000).Select(i => new ConfigError
        {
            Pointer = new string('p', 10_000),
            Message = new string('m', 999) + "😀" + i,
        }));
        StoredReport report = Assert.Single(_desk.Reports("one"));
        Assert.Equal((100, 900), (report.Errors.Count, report.Omitted));
        Assert.All(report.Errors, error => Assert.Equal((500, 999), (error.Pointer.Length, error.Message.Length)));

        for (int i = 0; i < 20; i++)
        {
            _desk.Report("one", i, hash, ConfigOutcome.Reverted, 0, at: 2);
        }
        Assert.Equal([19, 18, 17, 16, 15], _desk.Reports("one").Select(kept => kept.Number));
    }

    [Fact]
    public void Of_a_revision_that_this_service_did_not_make_nothing_follows()
    {
        _desk.Push(Layer.OfDevice("one"), """{"a":1}""");
        _desk.Report("one", 1, new byte[32], ConfigOutcome.Rejected, 0);
        _desk.Report("one", 99, _desk.Desired("one").Hash, ConfigOutcome.Rejected, 0);
        Assert.True(_desk.Desired("one").IsAwaited);
        Assert.Equal(2, _desk.Reports("one").Count);
    }

    [Fact]
    public void A_device_that_only_reports_is_given_its_revision_too()
    {
        _desk.Push(Layer.Fleet, """{"a":1}""");
        _desk.Report("newcomer", 3, new byte[32], ConfigOutcome.Applied, 3);
        Assert.True(_desk.Desired("newcomer").IsAwaited);
        Assert.Equal(3, _desk.Desired("newcomer").HeldNumber);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();
}
