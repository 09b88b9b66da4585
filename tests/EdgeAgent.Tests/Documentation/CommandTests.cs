using EdgeAgent.Configuration;

namespace EdgeAgent.Tests.Documentation;

public sealed class CommandTests
{
    [Fact]
    public void Every_command_of_the_agent_that_a_page_shows_is_one_that_it_takes()
    {
        IReadOnlyList<string> wrong = new DocumentedCommands("edge-agent", typeof(AgentConfiguration).Assembly).FindWrong(out int read);

        Assert.True(read > 40, $"only {read} commands were found");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
