using EdgeAgent.Batching;

namespace EdgeAgent.Tests.Batching;

public sealed class WakeTests
{
    [Fact]
    public async Task A_signal_that_came_before_the_wait_is_kept_and_several_are_one()
    {
        var wake = new Wake();
        wake.Set();
        wake.Set();

        await wake.WaitAsync();
        ValueTask second = wake.WaitAsync();
        Assert.False(second.IsCompleted);
        wake.Set();
        await second;
    }

    [Fact]
    public async Task No_signal_is_lost_between_two_threads()
    {
        const int Rounds = 20_000;
        var ping = new Wake();
        var pong = new Wake();
        Task other = Task.Run(async () =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                await ping.WaitAsync();
                pong.Set();
            }
        });
        for (int i = 0; i < Rounds; i++)
        {
            ping.Set();
            await pong.WaitAsync();
        }
        await other;
    }
}
