using EdgeAgent.Doctor;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Doctor;

public sealed class CheckupTests
{
    [Fact]
    public async Task A_check_that_hangs_is_told_as_hanging()
    {
        var time = new ManualTimeProvider();
        using var hanging = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var checkup = new Checkup(
            [
                new Check("stuck", _ =>
                {
                    begun.SetResult();
                    // It takes no notice of the token, as a read of a dead disk.
                    hanging.Wait(CancellationToken.None);
                    return [];
                }),
            ],
            time);
        Task<IReadOnlyList<CheckReport>> running = checkup.RunAsync(CancellationToken.None);
        await begun.Task;
        Assert.False(running.IsCompleted);

        time.Advance(Checkup.Deadline);
        Diagnosis found = Assert.Single(Assert.Single(await running).Diagnoses);
        hanging.Set();

        Assert.Equal(Verdict.Fail, found.Verdict);
        Assert.Contains("not done within", found.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_blocks_holds_up_no_other()
    {
        using var other = new ManualResetEventSlim();
        var checkup = new Checkup(
            [
                new Check("blocks", _ => other.Wait(TimeSpan.FromMinutes(1), CancellationToken.None) ? [Diagnosis.Pass("", "The other one ran meanwhile.")] : []),
                new Check("other", _ =>
                {
                    other.Set();
                    return [Diagnosis.Pass("", "It is well.")];
                }),
            ],
            new ManualTimeProvider());

        IReadOnlyList<CheckReport> reports = await checkup.RunAsync(CancellationToken.None);

        Assert.Equal(["blocks", "other"], reports.Select(report => report.Check));
        Assert.All(reports, report => Assert.Single(report.Diagnoses));
    }

    [Fact]
    public async Task What_this_user_may_not_look_at_is_skipped_with_the_way_to_see_it_and_what_breaks_is_a_failure()
    {
        var checkup = new Checkup(
            [
                new Check("denied", _ => throw new UnauthorizedAccessException("Access to /dev/x is denied.")),
                new Check("broken", _ => throw new InvalidOperationException("Something unexpected.")),
            ],
            TimeProvider.System);

        IReadOnlyList<CheckReport> reports = await checkup.RunAsync(CancellationToken.None);

        Assert.Equal((Verdict.Skipped, "Run it again with sudo."), (reports[0].Diagnoses[0].Verdict, reports[0].Diagnoses[0].Remedy));
        Assert.Equal(Verdict.Fail, reports[1].Diagnoses[0].Verdict);
        Assert.Equal(Verdict.Fail, DoctorOutput.Worst(reports));
    }

    [Theory]
    [InlineData(Verdict.Skipped, Verdict.Pass)]
    [InlineData(Verdict.Pass, Verdict.Pass)]
    [InlineData(Verdict.Warn, Verdict.Warn)]
    [InlineData(Verdict.Fail, Verdict.Fail)]
    public void The_verdict_is_the_worst_and_what_was_skipped_is_no_worse_than_what_passed(object one, object expected) => Assert.Equal(
        (Verdict)expected,
        DoctorOutput.Worst([new CheckReport("a", [Diagnosis.Pass("", "")]), new CheckReport("b", [new Diagnosis((Verdict)one, "", "", "")])]));

    [Fact]
    public void A_report_has_what_to_do_under_what_was_seen_and_colours_on_terminals_only()
    {
        CheckReport[] reports = [new("disk", [Diagnosis.Fail("space", "It is full.", "Make room.")]), new("clock", [Diagnosis.Pass("", "It is right.")])];
        using var plain = new StringWriter();
        using var coloured = new StringWriter();

        DoctorOutput.Print(plain, reports, isColoured: false);
        DoctorOutput.Print(coloured, reports, isColoured: true);

        Assert.DoesNotContain('\e', plain.ToString());
        Assert.Contains("\e[31mfail", coloured.ToString(), StringComparison.Ordinal);
        string[] lines = plain.ToString().Split(Environment.NewLine);
        Assert.Equal("fail    disk          space: It is full.", lines[0]);
        Assert.Equal("                      → Make room.", lines[1]);
        Assert.Contains("1 pass, 1 fail.", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"verdict\": \"fail\"", DoctorOutput.ToJson(reports, "1"), StringComparison.Ordinal);
    }

    private sealed class Check(string name, Func<CancellationToken, IReadOnlyList<Diagnosis>> run) : IDoctorCheck
    {
        public string Name => name;

        public Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellationToken) => Task.FromResult(run(cancellationToken));
    }
}
