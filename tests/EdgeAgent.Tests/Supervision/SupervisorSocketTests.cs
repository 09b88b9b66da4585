using EdgeAgent.Supervision;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Supervision;

public sealed class SupervisorSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_status_is_one_datagram_to_the_socket_whether_it_is_a_file_or_abstract(bool isAbstract)
    {
        using var folder = new TemporaryFolder();
        string address = isAbstract ? $"@edge-agent-test-{Guid.NewGuid():n}" : folder["notify"];
        using var supervisor = new FakeSupervisor(address);

        Assert.Equal(NoticeOutcome.Sent, new SupervisorSocket(address).TellStatus("The uplink\nis stuck for 5 °C."));

        Assert.Equal("STATUS=The uplink is stuck for 5 °C.", await supervisor.NextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_supervisor_nothing_happens(string? address) =>
        Assert.Equal(NoticeOutcome.NoSupervisor, new SupervisorSocket(address).TellStatus("x"));

    [Fact]
    public void A_supervisor_that_is_gone_or_whose_address_is_nonsense_harms_nobody()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(NoticeOutcome.Unreachable, new SupervisorSocket(folder["nobody"]).TellStatus("x"));
        Assert.Equal(NoticeOutcome.Unreachable, new SupervisorSocket("@nobody").TellStatus("x"));
        Assert.Equal(NoticeOutcome.Unreachable, new SupervisorSocket(new string('/', 500)).TellStatus("x"));
    }

    [Fact]
    public async Task Each_notice_is_one_datagram_in_the_words_of_the_protocol()
    {
        using var folder = new TemporaryFolder();
        using var supervisor = new FakeSupervisor(folder["notify"]);
        using var socket = new SupervisorSocket(folder["notify"]);

        socket.TellReady("Runs.");
        socket.TellReloading("Reads.");
        socket.TellStopping(TimeSpan.FromSeconds(40), "Drains.");
        socket.Beat();

        Assert.Equal("READY=1\nSTATUS=Runs.", await supervisor.NextAsync());
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]{6,}\nSTATUS=Reads.$", await supervisor.NextAsync());
        Assert.Equal("STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000\nSTATUS=Drains.", await supervisor.NextAsync());
        Assert.Equal("WATCHDOG=1", await supervisor.NextAsync());
    }

    [Fact]
    public void The_time_of_a_reload_is_the_kernels_clock_since_boot()
    {
        using var folder = new TemporaryFolder();
        using var supervisor = new FakeSupervisor(folder["notify"]);
        using var socket = new SupervisorSocket(folder["notify"]);
        long before = (long)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds;
        socket.TellReloading("");
        long after = (long)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds;

        string told = supervisor.Heard()[0].Split('\n')[1];
        Assert.InRange(long.Parse(told["MONOTONIC_USEC=".Length..], System.Globalization.CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public void A_supervisor_that_was_started_again_is_found_again()
    {
        using var folder = new TemporaryFolder();
        using var socket = new SupervisorSocket(folder["notify"]);
        using (new FakeSupervisor(folder["notify"]))
        {
            Assert.Equal(NoticeOutcome.Sent, socket.Beat());
        }
        Assert.Equal(NoticeOutcome.Unreachable, socket.Beat());
        File.Delete(folder["notify"]);

        using var again = new FakeSupervisor(folder["notify"]);
        Assert.Equal(NoticeOutcome.Sent, socket.Beat());
        Assert.Equal(["WATCHDOG=1"], again.Heard());
    }
}
