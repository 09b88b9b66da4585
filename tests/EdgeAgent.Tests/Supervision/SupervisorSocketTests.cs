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
}
